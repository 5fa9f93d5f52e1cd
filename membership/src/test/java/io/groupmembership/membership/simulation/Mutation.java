package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.detection.Charge;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.membership.detection.MemberWatch;
import io.groupmembership.membership.detection.MonitorActions;
import io.groupmembership.membership.detection.NodeMonitor;
import io.groupmembership.membership.detection.NodeRoll;
import io.groupmembership.protocol.lease.Drift;
import io.groupmembership.protocol.lease.GrantedLease;
import io.groupmembership.protocol.lease.MemberHeartbeat;
import io.groupmembership.protocol.lease.NodeLease;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * One rule, broken in one way.
 *
 * @param seeds within how many seeds it is found out
 */
record Mutation(String name, int seeds, Parts parts) {
    @Override
    public String toString() {
        return name;
    }

    static List<Mutation> all() {
        return List.of(
                new Mutation("lease counted from the ping", 400, member(clock -> new Believer() {
                    @Override
                    public long pinged(long incarnation, int epoch, long sequence, long nowNanos) {
                        long ack = super.pinged(incarnation, epoch, sequence, nowNanos);
                        if (ack != NONE) {
                            believe(nowNanos);
                        }
                        return ack;
                    }
                })),
                new Mutation("lease counted from the confirmation's receipt", 400, member(clock -> new Believer() {
                    @Override
                    public boolean confirmed(
                            long incarnation, int epoch, long sequence, long sent, long granted, long nowNanos) {
                        return super.confirmed(incarnation, epoch, sequence, nowNanos, granted, nowNanos);
                    }
                })),
                new Mutation("lease counted from the join's answer", 400, member(clock -> new Believer() {
                    @Override
                    public boolean adopt(long newIncarnation) {
                        boolean adopted = super.adopt(newIncarnation);
                        if (adopted) {
                            believe(clock.getAsLong());
                        }
                        return adopted;
                    }
                })),
                new Mutation("no drift margin", 400, member(clock -> new MemberHeartbeat(new Drift(0)))),
                new Mutation("the member's clock stops in a suspension", 400, new Parts() {
                    @Override
                    boolean memberClockStops() {
                        return true;
                    }
                }),
                new Mutation("the node's clock stops in a suspension", 400, new Parts() {
                    @Override
                    boolean nodeClockStops() {
                        return true;
                    }
                }),
                new Mutation("no node lease", 400, leases(new NodeMonitor.Leases() {
                    @Override
                    public NodeLease ofNode(ClusterTiming timing) {
                        return new NodeLease(1) {
                            @Override
                            public boolean isHeld(long nowNanos) {
                                return true;
                            }
                        };
                    }
                })),
                new Mutation("node lease counted from applying", 400, nodeLeaseFromApplying()),
                new Mutation("nonces reused after a restart", 400, new Parts() {
                    @Override
                    long nonce(SplittableRandom random, long beats) {
                        return beats;
                    }
                }),
                new Mutation("NodeDown without A in the takeover's wait", 400, leases(new NodeMonitor.Leases() {
                    @Override
                    public GrantedLease takenOver(long nowNanos, long longestNanos, ClusterTiming timing) {
                        return new GrantedLease(nowNanos, 0, longestNanos, timing.drift());
                    }
                })),
                new Mutation("an epoch kept by a restarted node", 400, new Parts() {
                    @Override
                    public boolean bootKeepsEpoch() {
                        return true;
                    }
                }),
                new Mutation("no reconciliation after a snapshot", 400, monitor(Unreconciled::new)),
                new Mutation("confirming after suspecting", 400, leases(new NodeMonitor.Leases() {
                    @Override
                    public GrantedLease fresh() {
                        return new GrantedLease() {
                            @Override
                            public void promise() {}
                        };
                    }

                    @Override
                    public GrantedLease takenOver(long nowNanos, long longestNanos, ClusterTiming timing) {
                        return new GrantedLease(
                                nowNanos, timing.nodeLeaseMillis() * World.MILLI, longestNanos, timing.drift()) {
                            @Override
                            public void promise() {}
                        };
                    }
                })),
                new Mutation("a suspicion sent only once", 400, monitor(SuspectsOnce::new)),
                new Mutation("replacing and evicting at once", 400, new Parts() {
                    @Override
                    public boolean endsAtOnce() {
                        return true;
                    }
                }),
                new Mutation("one incarnation for two instances", 400, new Parts() {
                    @Override
                    public boolean oneIncarnationForTwoInstances() {
                        return true;
                    }
                }),
                new Mutation("a leave that ignores the incarnation", 400, new Parts() {
                    @Override
                    public boolean leaveIgnoresIncarnation() {
                        return true;
                    }
                }),
                new Mutation("a Remove that ignores the incarnation", 400, new Parts() {
                    @Override
                    public boolean removeIgnoresIncarnation() {
                        return true;
                    }
                }),
                new Mutation("a Remove that ignores the epoch", 400, new Parts() {
                    @Override
                    public boolean removeIgnoresEpoch() {
                        return true;
                    }
                }),
                new Mutation("sequence compared without the epoch", 400, member(clock -> new Believer() {
                    private long newest;

                    @Override
                    public long pinged(long incarnation, int epoch, long sequence, long nowNanos) {
                        return isNews(sequence) ? super.pinged(incarnation, 1, sequence, nowNanos) : NONE;
                    }

                    @Override
                    public boolean confirmed(
                            long incarnation, int epoch, long sequence, long sent, long granted, long nowNanos) {
                        return isNews(sequence) && super.confirmed(incarnation, 1, sequence, sent, granted, nowNanos);
                    }

                    private boolean isNews(long sequence) {
                        boolean news = sequence > newest;
                        newest = Math.max(newest, sequence);
                        return news;
                    }
                })),
                new Mutation("a shrunk policy applied at once", 400, monitor(ShrinksAtOnce::new)),
                new Mutation("an old confirmation repeated with a longer lease", 400, monitor(RepeatsLonger::new)),
                new Mutation("a nonce counted from a node that applies nothing", 400, roll(false)),
                new Mutation("a nonce counted from a node out of the configuration", 400, roll(true)));
    }

    // ---- how a part is put in the place of another

    private static Parts member(Function<LongSupplier, MemberHeartbeat> heartbeat) {
        return new Parts() {
            @Override
            MemberHeartbeat memberHeartbeat(LongSupplier clock) {
                return heartbeat.apply(clock);
            }
        };
    }

    private static Parts leases(NodeMonitor.Leases leases) {
        return new Parts() {
            @Override
            NodeMonitor.Leases leases(LongSupplier clock) {
                return leases;
            }
        };
    }

    private interface Monitors {
        NodeMonitor of(String nodeId, ClusterTiming timing, MonitorActions actions, ToLongFunction<Charge> phase);
    }

    private static Parts monitor(Monitors monitors) {
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

    private static Parts nodeLeaseFromApplying() {
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

    private static Parts roll(boolean outside) {
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

    // ---- monitors

    private static final class Unreconciled extends NodeMonitor {
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

    private static final class SuspectsOnce extends NodeMonitor {
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
    private static final class ShrinksAtOnce extends NodeMonitor {
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
    private static final class RepeatsLonger extends NodeMonitor {
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
