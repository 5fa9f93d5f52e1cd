package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.detection.Charge;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.membership.detection.MonitorActions;
import io.groupmembership.membership.detection.NodeMonitor;
import io.groupmembership.membership.detection.NodeRoll;
import io.groupmembership.protocol.lease.MemberHeartbeat;
import io.groupmembership.protocol.lease.NodeLease;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** Puts a part that breaks a rule in the place of the one of production. */
final class MutantParts {
    private MutantParts() {}

    static Parts member(Function<LongSupplier, MemberHeartbeat> heartbeat) {
        return new Parts() {
            @Override
            MemberHeartbeat memberHeartbeat(LongSupplier clock) {
                return heartbeat.apply(clock);
            }
        };
    }

    static Parts leases(NodeMonitor.Leases leases) {
        return new Parts() {
            @Override
            NodeMonitor.Leases leases(LongSupplier clock) {
                return leases;
            }
        };
    }

    interface Monitors {
        NodeMonitor of(String nodeId, ClusterTiming timing, MonitorActions actions, ToLongFunction<Charge> phase);
    }

    static Parts monitor(Monitors monitors) {
        return new Parts() {
            @Override
            NodeMonitor nodeMonitor(
                    String nodeId,
                    ClusterTiming timing,
                    MonitorActions actions,
                    ToLongFunction<Charge> phase,
                    LongSupplier clock) {
                return monitors.of(nodeId, timing, actions, phase);
            }
        };
    }

    static Parts nodeLeaseFromApplying() {
        return new Parts() {
            @Override
            NodeMonitor.Leases leases(LongSupplier clock) {
                return new NodeMonitor.Leases() {
                    @Override
                    public NodeLease ofNode(ClusterTiming timing) {
                        return new NodeLease(timing.nodeLeaseMillis() * World.MILLI) {
                            private boolean held;
                            private long appliedNanos;

                            @Override
                            public boolean applied(long number) {
                                boolean mine = super.applied(number);
                                if (mine) {
                                    held = true;
                                    appliedNanos = clock.getAsLong();
                                }
                                return mine;
                            }

                            @Override
                            public boolean isHeld(long nowNanos) {
                                return held && nowNanos - appliedNanos < timing.nodeLeaseMillis() * World.MILLI;
                            }
                        };
                    }
                };
            }
        };
    }

    static Parts roll(boolean outside) {
        return new Parts() {
            @Override
            NodeRoll nodeRoll(ClusterTiming timing, long nowNanos) {
                return new NodeRoll(timing, nowNanos) {
                    @Override
                    public void heard(Command.Beat beat, Set<String> configured, long now) {
                        boolean configuredNode = configured.contains(beat.nodeId());
                        if (configuredNode != outside) {
                            Command.Beat upToDate =
                                    new Command.Beat(beat.nodeId(), beat.bootId(), beat.nonce(), Long.MAX_VALUE);
                            super.heard(upToDate, Set.of(beat.nodeId()), now);
                        } else {
                            super.heard(beat, configured, now);
                        }
                    }
                };
            }
        };
    }
}
