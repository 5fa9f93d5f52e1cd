package io.groupmembership.membership.simulation;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.detection.Charge;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.membership.detection.MemberWatch;
import io.groupmembership.membership.detection.MonitorActions;
import io.groupmembership.membership.detection.NodeMonitor;
import io.groupmembership.protocol.lease.GrantedLease;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Monitors that break a rule each. */
final class MutantMonitors {
    private MutantMonitors() {}

    static final class Unreconciled extends NodeMonitor {
        Unreconciled(String nodeId, ClusterTiming timing, MonitorActions actions, ToLongFunction<Charge> phase) {
            super(nodeId, timing, Leases.USUAL, actions, phase);
        }

        /** It takes up what is new to it, and lets go of nothing. */
        @Override
        public Reconciled reconcile(Collection<Charge> charges, long nowNanos) {
            Set<Long> known = new HashSet<>();
            watches().forEach(watch -> known.add(watch.incarnation()));
            List<MemberWatch> begun = charges.stream()
                    .filter(charge -> !known.contains(charge.member().incarnation()))
                    .flatMap(charge -> assigned(charge, nowNanos).stream())
                    .toList();
            return new Reconciled(begun, List.of());
        }
    }

    static final class SuspectsOnce extends NodeMonitor {
        SuspectsOnce(String nodeId, ClusterTiming timing, MonitorActions actions, ToLongFunction<Charge> phase) {
            super(nodeId, timing, Leases.USUAL, new Once(actions), phase);
        }

        private record Once(MonitorActions actions, Set<MemberWatch> said) implements MonitorActions {
            Once(MonitorActions actions) {
                this(actions, new HashSet<>());
            }

            @Override
            public void suspect(MemberWatch watch, LeaveReason reason) {
                if (said.add(watch)) {
                    actions.suspect(watch, reason);
                }
            }

            @Override
            public void ping(MemberWatch watch, long sequence) {
                actions.ping(watch, sequence);
            }

            @Override
            public void confirm(MemberWatch watch, long sequence, long ackSentNanos, long leaseNanos) {
                actions.confirm(watch, sequence, ackSentNanos, leaseNanos);
            }

            @Override
            public void askPeers(MemberWatch watch) {
                actions.askPeers(watch);
            }

            @Override
            public void assign(MemberWatch watch, String to, boolean heard) {
                actions.assign(watch, to, heard);
            }

            @Override
            public void sooner(MemberWatch watch) {
                actions.sooner(watch);
            }
        }
    }

    /** What it has granted, it forgets when the policy grants less. */
    static final class ShrinksAtOnce extends NodeMonitor {
        private final Shrinking leases;

        ShrinksAtOnce(String nodeId, ClusterTiming timing, MonitorActions actions, ToLongFunction<Charge> phase) {
            this(nodeId, timing, actions, phase, new Shrinking());
        }

        private ShrinksAtOnce(
                String nodeId,
                ClusterTiming timing,
                MonitorActions actions,
                ToLongFunction<Charge> phase,
                Shrinking leases) {
            super(nodeId, timing, leases, actions, phase);
            this.leases = leases;
        }

        @Override
        public void policyChanged(GroupKey group, GroupPolicy policy, long nowNanos) {
            leases.cut(nowNanos + policy.leaseMillis() * World.MILLI);
            super.policyChanged(group, policy, nowNanos);
        }

        private static final class Shrinking implements Leases {
            private final Set<Cut> made = new HashSet<>();

            void cut(long endNanos) {
                made.forEach(lease -> lease.cutNanos = endNanos);
            }

            @Override
            public GrantedLease fresh() {
                return added(new Cut());
            }

            @Override
            public GrantedLease takenOver(long nowNanos, long longestNanos, ClusterTiming timing) {
                return added(new Cut(nowNanos, longestNanos, timing));
            }

            private Cut added(Cut lease) {
                made.add(lease);
                return lease;
            }
        }

        private static final class Cut extends GrantedLease {
            private long cutNanos = Long.MAX_VALUE;

            Cut() {}

            Cut(long nowNanos, long longestNanos, ClusterTiming timing) {
                super(nowNanos, timing.nodeLeaseMillis() * World.MILLI, longestNanos, timing.drift());
            }

            @Override
            public boolean acked(long nowNanos, long termNanos) {
                cutNanos = Long.MAX_VALUE;
                return super.acked(nowNanos, termNanos);
            }

            @Override
            public long endNanos(long otherwise) {
                return Math.min(cutNanos, super.endNanos(otherwise));
            }
        }
    }

    /** When the policy grants more, it tells everybody so at once. */
    static final class RepeatsLonger extends NodeMonitor {
        private static final long AHEAD = 100;

        private final MonitorActions actions;
        private final Map<MemberWatch, Long> sent = new HashMap<>();
        private final Map<MemberWatch, Long> sequences = new HashMap<>();

        RepeatsLonger(String nodeId, ClusterTiming timing, MonitorActions actions, ToLongFunction<Charge> phase) {
            super(nodeId, timing, Leases.USUAL, actions, phase);
            this.actions = actions;
        }

        @Override
        public boolean acked(MemberWatch watch, int epoch, long ackSequence, long ackSentNanos, long nowNanos) {
            boolean counts = super.acked(watch, epoch, ackSequence, ackSentNanos, nowNanos);
            if (counts) {
                sent.put(watch, ackSentNanos);
                sequences.merge(watch, 2L, Long::sum);
            }
            return counts;
        }

        @Override
        public void policyChanged(GroupKey group, GroupPolicy policy, long nowNanos) {
            for (MemberWatch watch : watches()) {
                Long ackSent = sent.get(watch);
                if (watch.charge().group().equals(group)
                        && ackSent != null
                        && policy.leaseMillis() > watch.policy().leaseMillis()) {
                    actions.confirm(
                            watch,
                            sequences.getOrDefault(watch, 0L) + AHEAD,
                            ackSent,
                            policy.leaseMillis() * World.MILLI);
                }
            }
            super.policyChanged(group, policy, nowNanos);
        }
    }
}
