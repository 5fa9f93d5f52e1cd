package io.groupmembership.membership;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.Command.Target;
import io.groupmembership.protocol.HeartbeatMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/**
 * A random log of a small cluster: few groups, ids, instances and keys, so that everything collides with everything.
 * Each entry is drawn from one number and from the state that it meets: half of what it names is there, half is not.
 */
record Schedule(List<Entry> entries) {
    /** Log entries that are not ours lie between those that are. */
    static final int INDEX_STEP = 100;

    private static final int ORIGINS = 3;

    static Arbitrary<Schedule> any(int most) {
        return of(most, 4);
    }

    /** One command an entry, so that each can be looked at by itself. */
    static Arbitrary<Schedule> ofSingleCommands(int most) {
        return of(most, 1);
    }

    static Schedule of(List<Long> seeds) {
        return new Drawer(4).draw(seeds);
    }

    private static Arbitrary<Schedule> of(int most, int mostRequests) {
        return Arbitraries.longs()
                .withDistribution(net.jqwik.api.RandomDistribution.uniform())
                .withoutEdgeCases()
                .list()
                .ofMinSize(1)
                .ofMaxSize(most)
                .map(seeds -> new Drawer(mostRequests).draw(seeds));
    }

    static long index(int entry) {
        return 10 + (long) INDEX_STEP * entry;
    }

    /** Applies every entry once, each after a trip through the log. */
    MembershipState play(EventSink events) {
        MembershipState state = new MembershipState(TestCluster.ID);
        for (int i = 0; i < entries.size(); i++) {
            List<Result> ignored = state.apply(TestCluster.throughTheLog(entries.get(i)), index(i), events);
        }
        return state;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("\n");
        entries.forEach(entry -> text.append(entry).append('\n'));
        return text.toString();
    }

    /** Draws entries, and applies them to know what the next may name. */
    private static final class Drawer {
        private final int mostRequests;
        private final MembershipState state = new MembershipState(TestCluster.ID);
        private final Map<Long, Long> sequences = new HashMap<>();
        private final List<Request> keyed = new ArrayList<>();
        private long lastKey;

        Drawer(int mostRequests) {
            this.mostRequests = mostRequests;
        }

        Schedule draw(List<Long> seeds) {
            List<Entry> entries = new ArrayList<>();
            for (long seed : seeds) {
                RandomGenerator random = new SplittableRandom(seed);
                long origin = 1L + random.nextInt(ORIGINS);
                long sequence = sequences.merge(origin, 1L, Long::sum);
                long lowestPending = Math.max(1, sequence - random.nextInt(4));
                List<Request> requests = new ArrayList<>();
                for (int left = 1 + random.nextInt(mostRequests); left > 0; left--) {
                    requests.add(request(random));
                }
                if (random.nextInt(20) == 0 && mostRequests > 1) {
                    requests.clear();
                }
                Entry entry = new Entry(
                        "node-" + random.nextInt(4),
                        random.nextInt(1_000_000),
                        new Batch(origin, sequence, lowestPending, List.copyOf(requests)));
                List<Result> ignored = state.apply(entry, index(entries.size()), EventSink.NONE);
                entries.add(entry);
            }
            return new Schedule(List.copyOf(entries));
        }

        private Request request(RandomGenerator random) {
            if (!keyed.isEmpty() && random.nextInt(10) == 0) {
                return keyed.get(random.nextInt(keyed.size()));
            }
            Command command = command(random);
            if (random.nextInt(3) != 0) {
                return new Request(Optional.empty(), command);
            }
            long key = random.nextInt(8) == 0 ? random.nextLong(lastKey + 1) : ++lastKey;
            Request request =
                    new Request(Optional.of(new Request.IdempotencyKey(key, -key, random.nextInt())), command);
            keyed.add(request);
            return request;
        }

        private Command command(RandomGenerator random) {
            int dice = random.nextInt(100);
            if (dice < 34) {
                List<Joiner> joiners = new ArrayList<>();
                GroupKey group = group(random);
                for (int left = random.nextInt(4); left >= 0; left--) {
                    joiners.add(joiner(random, group));
                }
                return new Command.Join(group, joiners);
            } else if (dice < 46) {
                GroupKey group = group(random);
                String id = id(random);
                OptionalLong incarnation = incarnation(random, group, id);
                if (dice == 45) {
                    return new Command.Withdraw(group, id, new UUID(5, random.nextInt(5)));
                }
                return dice < 41
                        ? new Command.Leave(group, id, incarnation)
                        : new Command.Revoke(group, id, incarnation);
            } else if (dice < 61) {
                List<Target> targets = new ArrayList<>();
                for (int left = random.nextInt(4); left >= 0; left--) {
                    targets.add(target(random));
                }
                return new Command.Remove(targets);
            } else if (dice < 66) {
                return new Command.PutPolicy(
                        group(random),
                        random.nextInt(4) == 0
                                ? GroupPolicy.DEFAULT
                                : new GroupPolicy(1_000L * (1 + random.nextInt(8)), 3, 1 + random.nextInt(4)));
            } else if (dice < 73) {
                return new Command.KvPut(key(random), new byte[random.nextInt(3)], condition(random));
            } else if (dice < 76) {
                return new Command.KvDelete(key(random), condition(random));
            } else if (dice < 82) {
                int number = 1 + random.nextInt(4);
                return TestCluster.nodeUp(number, "http://10.0.0." + number + ":77" + (random.nextInt(8) == 0 ? 9 : 1));
            } else if (dice < 88) {
                List<Command.Beat> beats = new ArrayList<>();
                for (int left = random.nextInt(4); left >= 0; left--) {
                    beats.add(beat(random));
                }
                return new Command.Tick(beats);
            } else if (dice < 94) {
                List<Command.Assignment> assignments = new ArrayList<>();
                for (int left = random.nextInt(4); left >= 0; left--) {
                    assignments.add(assignment(random));
                }
                return new Command.Assign(assignments);
            }
            String nodeId = nodeId(random);
            int liveness = state.node(nodeId).map(NodeRecord::liveness).orElse(0);
            return new Command.NodeDown(nodeId, random.nextInt(4) == 0 ? liveness + 1 : liveness);
        }

        private Command.Beat beat(RandomGenerator random) {
            String nodeId = nodeId(random);
            long bootId = state.node(nodeId).map(NodeRecord::bootId).orElse(0L);
            return new Command.Beat(
                    nodeId,
                    bootId + (random.nextInt(3) == 0 ? 1 : 0),
                    random.nextLong(),
                    state.appliedIndex() - (long) INDEX_STEP * random.nextInt(3));
        }

        private Command.Assignment assignment(RandomGenerator random) {
            Target meant = target(random);
            return new Command.Assignment(
                    meant.group(),
                    meant.memberId(),
                    meant.incarnation(),
                    meant.assignmentEpoch(),
                    nodeId(random),
                    random.nextInt(3) == 0);
        }

        private static String nodeId(RandomGenerator random) {
            return "node-" + (1 + random.nextInt(5));
        }

        private Joiner joiner(RandomGenerator random, GroupKey group) {
            String id = id(random);
            Optional<MemberSpec> waiting = member(group, id)
                    .flatMap(member -> Optional.ofNullable(member.revocation()))
                    .flatMap(Revocation::successor);
            if (waiting.isPresent() && random.nextInt(3) == 0) {
                return new Joiner(waiting.get(), incarnation(random, group, id));
            }
            Optional<UUID> instance =
                    random.nextInt(3) == 0 ? Optional.empty() : Optional.of(new UUID(5, random.nextInt(5)));
            boolean usual = random.nextInt(8) != 0;
            MemberSpec spec = MemberSpec.of(
                    id,
                    "10.1.0." + random.nextInt(2) + ":7000",
                    instance.isPresent() == usual ? HeartbeatMode.UDP : HeartbeatMode.TCP,
                    "10.1.0.0:7000",
                    instance,
                    random.nextInt(4) == 0 ? Map.of("zone", "eu-1") : Map.of());
            return new Joiner(spec, incarnation(random, group, id));
        }

        private OptionalLong incarnation(RandomGenerator random, GroupKey group, String id) {
            return switch (random.nextInt(4)) {
                case 0, 1 -> OptionalLong.empty();
                case 2 -> OptionalLong.of(1L + random.nextInt(20));
                default ->
                    OptionalLong.of(member(group, id).map(Member::incarnation).orElse(7L));
            };
        }

        private Target target(RandomGenerator random) {
            GroupKey group = group(random);
            String id = id(random);
            Member member = member(group, id).orElse(new Member(TestCluster.agent(id, 1), 3, 1, 0));
            return new Target(
                    group,
                    id,
                    member.incarnation() - (random.nextInt(8) == 0 ? 1 : 0),
                    member.assignmentEpoch() + (random.nextInt(8) == 0 ? 1 : 0),
                    member.revocation() != null && random.nextBoolean()
                            ? member.revocation().reason()
                            : random.nextBoolean() ? LeaveReason.CRASHED : LeaveReason.EVICTED,
                    random.nextBoolean() ? Evidence.NONE : TestCluster.SILENCE);
        }

        private Optional<Member> member(GroupKey group, String id) {
            return state.view(group).stream()
                    .flatMap(view -> view.members().stream())
                    .filter(member -> member.memberId().equals(id))
                    .findFirst();
        }

        private static GroupKey group(RandomGenerator random) {
            return new GroupKey("ns" + random.nextInt(2), "g" + random.nextInt(2));
        }

        private static String id(RandomGenerator random) {
            return "m" + random.nextInt(6);
        }

        private static String key(RandomGenerator random) {
            return "ns/k" + random.nextInt(3);
        }

        private static KvCondition condition(RandomGenerator random) {
            return switch (random.nextInt(6)) {
                case 0 -> new KvCondition.Absent();
                case 1 -> new KvCondition.Present();
                case 2 -> new KvCondition.VersionIs(random.nextInt(6));
                case 3 -> new KvCondition.VersionIsNot(random.nextInt(6));
                default -> new KvCondition.Always();
            };
        }
    }
}
