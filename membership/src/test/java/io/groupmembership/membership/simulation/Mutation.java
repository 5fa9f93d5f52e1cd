package io.groupmembership.membership.simulation;

import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.membership.detection.NodeMonitor;
import io.groupmembership.protocol.lease.Drift;
import io.groupmembership.protocol.lease.GrantedLease;
import io.groupmembership.protocol.lease.MemberHeartbeat;
import io.groupmembership.protocol.lease.NodeLease;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One rule, broken in one way.
 *
 * @param from the first of these seeds: a rule that is rarely needed is looked for where one is known to find it
 * @param seeds within how many seeds it is found out
 */
record Mutation(String name, int from, int seeds, Parts parts) {
    Mutation(String name, int seeds, Parts parts) {
        this(name, 0, seeds, parts);
    }

    static Mutation named(String name) {
        return all().stream()
                .filter(mutation -> mutation.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return name;
    }

    static List<Mutation> all() {
        return List.of(
                new Mutation("lease counted from the ping", 10, MutantParts.member(clock -> new Believer() {
                    @Override
                    public long pinged(long incarnation, int epoch, long sequence, long repeatNanos, long nowNanos) {
                        long ack = super.pinged(incarnation, epoch, sequence, repeatNanos, nowNanos);
                        if (ack != NONE) {
                            believe(nowNanos);
                        }
                        return ack;
                    }
                })),
                new Mutation(
                        "lease counted from the confirmation's receipt",
                        140,
                        40,
                        MutantParts.member(clock -> new Believer() {
                            @Override
                            public boolean confirmed(
                                    long incarnation,
                                    int epoch,
                                    long sequence,
                                    long sent,
                                    long granted,
                                    long nowNanos) {
                                return super.confirmed(incarnation, epoch, sequence, nowNanos, granted, nowNanos);
                            }
                        })),
                new Mutation("lease counted from the join's answer", 30, MutantParts.member(clock -> new Believer() {
                    @Override
                    public boolean adopt(long newIncarnation) {
                        boolean adopted = super.adopt(newIncarnation);
                        if (adopted) {
                            believe(clock.getAsLong());
                        }
                        return adopted;
                    }
                })),
                new Mutation("no drift margin", 30, MutantParts.member(clock -> new MemberHeartbeat(new Drift(0)))),
                new Mutation("the member's clock stops in a suspension", 40, new Parts() {
                    @Override
                    boolean memberClockStops() {
                        return true;
                    }
                }),
                new Mutation("the node's clock stops in a suspension", 100, new Parts() {
                    @Override
                    boolean nodeClockStops() {
                        return true;
                    }
                }),
                new Mutation("no node lease", 10, MutantParts.leases(new NodeMonitor.Leases() {
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
                new Mutation("node lease counted from applying", 160, MutantParts.nodeLeaseFromApplying()),
                new Mutation("nonces reused after a restart", 340, new Parts() {
                    @Override
                    long nonce(SplittableRandom random, long beats) {
                        return beats;
                    }
                }),
                new Mutation(
                        "NodeDown without A in the takeover's wait", 80, MutantParts.leases(new NodeMonitor.Leases() {
                            @Override
                            public GrantedLease takenOver(long nowNanos, long longestNanos, ClusterTiming timing) {
                                return new GrantedLease(nowNanos, 0, longestNanos, timing.drift());
                            }
                        })),
                new Mutation("an epoch kept by a restarted node", 80, new Parts() {
                    @Override
                    public boolean bootKeepsEpoch() {
                        return true;
                    }
                }),
                new Mutation(
                        "no reconciliation after a snapshot",
                        20,
                        MutantParts.monitor(MutantMonitors.Unreconciled::new)),
                new Mutation("confirming after suspecting", 60, MutantParts.leases(new NodeMonitor.Leases() {
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
                new Mutation("a suspicion sent only once", 10, MutantParts.monitor(MutantMonitors.SuspectsOnce::new)),
                new Mutation("replacing and evicting at once", 10, new Parts() {
                    @Override
                    public boolean endsAtOnce() {
                        return true;
                    }
                }),
                new Mutation("one incarnation for two instances", 10, new Parts() {
                    @Override
                    public boolean oneIncarnationForTwoInstances() {
                        return true;
                    }
                }),
                new Mutation("a leave that ignores the incarnation", 50, new Parts() {
                    @Override
                    public boolean leaveIgnoresIncarnation() {
                        return true;
                    }
                }),
                new Mutation("a Remove that ignores the incarnation", 380, new Parts() {
                    @Override
                    public boolean removeIgnoresIncarnation() {
                        return true;
                    }
                }),
                new Mutation("a Remove that ignores the epoch", 300, new Parts() {
                    @Override
                    public boolean removeIgnoresEpoch() {
                        return true;
                    }
                }),
                new Mutation("sequence compared without the epoch", 10, MutantParts.member(clock -> new Believer() {
                    private long newest;

                    @Override
                    public long pinged(long incarnation, int epoch, long sequence, long repeatNanos, long nowNanos) {
                        return isNews(sequence) ? super.pinged(incarnation, 1, sequence, repeatNanos, nowNanos) : NONE;
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
                new Mutation(
                        "a shrunk policy applied at once",
                        0,
                        60,
                        MutantParts.monitor(MutantMonitors.ShrinksAtOnce::new)),
                new Mutation(
                        "an old confirmation repeated with a longer lease",
                        10,
                        MutantParts.monitor(MutantMonitors.RepeatsLonger::new)),
                new Mutation("a nonce counted from a node that applies nothing", 20, MutantParts.roll(false)),
                new Mutation("a node that registers counts as live", 300, 40, new Parts() {
                    @Override
                    public boolean registeringRevives() {
                        return true;
                    }
                }),
                new Mutation("a nonce counted from a node out of the configuration", 20, MutantParts.roll(true)));
    }
}
