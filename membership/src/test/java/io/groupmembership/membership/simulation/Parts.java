package io.groupmembership.membership.simulation;

import io.groupmembership.membership.SimulatedState;
import io.groupmembership.membership.detection.Charge;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.membership.detection.MonitorActions;
import io.groupmembership.membership.detection.NodeMonitor;
import io.groupmembership.membership.detection.NodeRoll;
import io.groupmembership.protocol.lease.Drift;
import io.groupmembership.protocol.lease.MemberHeartbeat;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** What a simulation is made of: the classes of production, but where a mutation puts another in the place of one. */
class Parts implements SimulatedState.Mutation {
    static final Parts PRODUCTION = new Parts();

    MemberHeartbeat memberHeartbeat(LongSupplier clock) {
        return new MemberHeartbeat(Drift.BOUND);
    }

    /** @param clock of the node */
    NodeMonitor.Leases leases(LongSupplier clock) {
        return NodeMonitor.Leases.USUAL;
    }

    NodeMonitor nodeMonitor(
            String nodeId,
            ClusterTiming timing,
            MonitorActions actions,
            ToLongFunction<Charge> phase,
            LongSupplier clock) {
        return new NodeMonitor(nodeId, timing, leases(clock), actions, phase);
    }

    NodeRoll nodeRoll(ClusterTiming timing, long nowNanos) {
        return new NodeRoll(timing, nowNanos);
    }

    /** Whether a machine's clock stands still while it is suspended. */
    boolean memberClockStops() {
        return false;
    }

    boolean nodeClockStops() {
        return false;
    }

    /** @param beats how many this process has made */
    long nonce(SplittableRandom random, long beats) {
        return random.nextLong();
    }
}
