package io.groupmembership.membership.simulation;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.membership.detection.Charge;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.membership.detection.MemberWatch;
import io.groupmembership.membership.detection.MonitorActions;
import io.groupmembership.membership.detection.NodeMonitor;
import io.groupmembership.membership.detection.PeerProbe;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.lease.Drift;
import io.groupmembership.protocol.lease.MemberHeartbeat;
import io.groupmembership.protocol.lease.NodeLease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A member that never dies, its monitor and two other nodes, with nothing wrong but datagrams that get lost. Without a
 * queue of events, because hundreds of millions of rounds are wanted: whatever is due next is one of a handful.
 */
final class LossyMember implements MonitorActions {
    private static final GroupKey GROUP = new GroupKey("default", "payments");
    private static final GroupPolicy POLICY = new GroupPolicy(5_000, 3, 1_000);
    private static final long INTERVAL_NANOS = 5 * World.SECOND;
    private static final long HOP_NANOS = World.MILLI;
    private static final long NEVER = Long.MAX_VALUE;

    /** So that silence of this one is not taken for the monitor's own fault. */
    private static final int OTHER_MEMBERS = 8;

    private record Probing(String by, PeerProbe probe) {}

    private final double loss;
    private final boolean repeats;
    private final SplittableRandom random;
    private final NodeMonitor monitor;
    private final MemberHeartbeat heartbeat = new MemberHeartbeat(Drift.BOUND);
    private final List<Probing> probing = new ArrayList<>();
    private MemberWatch watch;
    private long nowNanos = World.SECOND;
    private long incarnation = 100;
    private int epoch = 1;
    private boolean wasConfirmed;

    private int pinged;
    private long pingSequence;

    private long removals;
    private long handOvers;
    private long fencings;
    private double fencedSeconds;

    /** @param repeats whether it repeats an ack that is not confirmed, as members of production do */
    LossyMember(double loss, boolean repeats, long seed) {
        this.loss = loss;
        this.repeats = repeats;
        this.random = new SplittableRandom(seed);
        this.monitor = new NodeMonitor(
                "node-0", ClusterTiming.USUAL, new AlwaysHeld(), this, charge -> random.nextLong(INTERVAL_NANOS));
        monitor.setOthers(List.of("node-1", "node-2"));
        for (int other = 1; other <= OTHER_MEMBERS; other++) {
            monitor.assigned(charge(other, 1), nowNanos);
        }
        heartbeat.adopt(incarnation);
        this.watch = monitor.assigned(charge(incarnation, epoch), nowNanos).orElseThrow();
    }

    /** A node that is in touch with the others all the time. */
    private static final class AlwaysHeld implements NodeMonitor.Leases {
        @Override
        public NodeLease ofNode(ClusterTiming timing) {
            return new NodeLease(1) {
                @Override
                public boolean isHeld(long now) {
                    return true;
                }
            };
        }
    }

    private static Charge charge(long incarnation, int epoch) {
        MemberSpec spec = MemberSpec.of(
                "m" + incarnation, "h:1", HeartbeatMode.UDP, "h:1", Optional.of(new UUID(0, incarnation)), Map.of());
        return new Charge(
                GROUP, new Member(spec, incarnation, epoch, 0, Math.toIntExact(POLICY.leaseMillis()), 0, null), POLICY);
    }

    LossStudy.Counts live(long rounds) {
        long begunNanos = nowNanos;
        while (nowNanos - begunNanos < rounds * INTERVAL_NANOS) {
            next();
        }
        return new LossStudy.Counts(
                (nowNanos - begunNanos) / INTERVAL_NANOS, removals, handOvers, fencings, fencedSeconds, 0);
    }

    private void next() {
        Probing first = null;
        for (Probing other : probing) {
            if (first == null || other.probe().dueNanos() < first.probe().dueNanos()) {
                first = other;
            }
        }
        long probeNanos = first == null ? NEVER : first.probe().dueNanos();
        long repeatNanos = heartbeat.awaitsConfirmation() ? heartbeat.repeatDueNanos() : NEVER;
        if (repeatNanos < watch.dueNanos() && repeatNanos < probeNanos) {
            nowNanos = repeatNanos;
            sendAck(heartbeat.repeated(nowNanos), nowNanos);
        } else if (first != null && probeNanos < watch.dueNanos()) {
            nowNanos = probeNanos;
            probe(first);
        } else {
            nowNanos = Math.max(nowNanos, watch.dueNanos());
            monitor.turn(watch, nowNanos, false);
            while (pinged > 0) {
                pinged--;
                ack(pingSequence);
            }
        }
    }

    private boolean arrives() {
        return random.nextDouble() >= loss;
    }

    // ---- pings, acks, confirmations

    @Override
    public void ping(MemberWatch of, long sequence) {
        pinged++;
        pingSequence = sequence;
    }

    private void ack(long sequence) {
        if (arrives()) {
            long atNanos = nowNanos + HOP_NANOS;
            long ack = heartbeat.pinged(incarnation, epoch, sequence, repeats ? watch.partNanos() : 0, atNanos);
            if (ack != MemberHeartbeat.NONE) {
                sendAck(ack, atNanos);
            }
        }
    }

    private void sendAck(long ack, long sentNanos) {
        if (arrives()) {
            monitor.acked(watch, epoch, ack, sentNanos, sentNanos + HOP_NANOS);
            probing.clear();
        }
    }

    @Override
    public void confirm(MemberWatch of, long sequence, long ackSentNanos, long leaseNanos) {
        long atNanos = ackSentNanos + 2 * HOP_NANOS;
        if (arrives()) {
            long leftNanos = heartbeat.leftNanos(atNanos);
            if (wasConfirmed && leftNanos <= 0) {
                fencings++;
                fencedSeconds -= leftNanos / 1e9;
            }
            wasConfirmed |= heartbeat.confirmed(incarnation, epoch, sequence, ackSentNanos, leaseNanos, atNanos);
        }
    }

    // ---- probes by the others

    @Override
    public void askPeers(MemberWatch of) {
        probing.clear();
        probing.add(new Probing("node-1", new PeerProbe(INTERVAL_NANOS, nowNanos + HOP_NANOS)));
        probing.add(new Probing("node-2", new PeerProbe(INTERVAL_NANOS, nowNanos + HOP_NANOS)));
    }

    private void probe(Probing probe) {
        switch (probe.probe().turn(nowNanos)) {
            case PING -> {
                boolean asked = arrives();
                if (asked && arrives() && probe.probe().answered()) {
                    probing.remove(probe);
                    monitor.probed(incarnation, epoch, probe.by(), true, nowNanos + 3 * HOP_NANOS);
                }
            }
            case FAILED -> {
                probing.remove(probe);
                monitor.probed(incarnation, epoch, probe.by(), false, nowNanos + HOP_NANOS);
            }
            case NOTHING -> {}
        }
    }

    // ---- what comes of it

    @Override
    public void assign(MemberWatch of, String to, boolean heard) {
        handOvers++;
        epoch++;
        again();
    }

    /** It is removed, though it lives, and joins again. */
    @Override
    public void suspect(MemberWatch of, LeaveReason reason) {
        removals++;
        monitor.gone(incarnation);
        incarnation++;
        epoch = 1;
        heartbeat.adopt(incarnation);
        wasConfirmed = false;
        again();
    }

    private void again() {
        probing.clear();
        pinged = 0;
        watch = monitor.assigned(charge(incarnation, epoch), nowNanos).orElseThrow();
    }

    @Override
    public void sooner(MemberWatch of) {}
}
