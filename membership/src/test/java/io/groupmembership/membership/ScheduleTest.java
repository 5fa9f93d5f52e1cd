package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A property that holds of schedules says little where schedules never come to what it is about. */
class ScheduleTest {
    private enum Reached {
        REVOCATION,
        SUCCESSOR_IN,
        SUCCESSOR_REPLACED,
        EVICTION_WITH_SUCCESSOR,
        REVOKED_WITH_ANOTHER_MONITOR,
        OTHER_PROCESS,
        BACK_BY_A_BEAT,
        STILL_DOWN_AFTER_A_BEAT,
        MOVED_UNHEARD_TWICE,
        LEASE_RAISED
    }

    @Test
    void schedulesReachEveryStateThatTheRulesKnow() {
        EnumSet<Reached> reached = EnumSet.noneOf(Reached.class);
        SplittableRandom random = new SplittableRandom(1);
        for (int schedule = 0; schedule < 100; schedule++) {
            List<Long> seeds = Stream.generate(random::nextLong).limit(60).toList();
            play(Schedule.of(seeds), reached);
        }
        assertThat(reached).containsExactlyInAnyOrder(Reached.values());
    }

    private static void play(Schedule schedule, EnumSet<Reached> reached) {
        MembershipState state = new MembershipState(TestCluster.ID);
        for (int i = 0; i < schedule.entries().size(); i++) {
            Facts before = Facts.of(state);
            List<Result> ignored = state.apply(schedule.entries().get(i), Schedule.index(i), new EventSink() {
                @Override
                public void assigned(GroupKey group, Member member) {
                    if (member.revocation() != null) {
                        reached.add(Reached.REVOKED_WITH_ANOTHER_MONITOR);
                    }
                    if (member.unheardMoves() > 1) {
                        reached.add(Reached.MOVED_UNHEARD_TWICE);
                    }
                }

                @Override
                public void ticked(String nodeId, long nonce) {
                    compare(nodeId);
                }

                private void compare(String nodeId) {
                    NodeRecord now = state.node(nodeId).orElseThrow();
                    before.nodes().stream()
                            .filter(node -> node.nodeId().equals(nodeId))
                            .forEach(node -> {
                                if (node.bootId() != now.bootId()) {
                                    reached.add(Reached.OTHER_PROCESS);
                                }
                                if (!node.live()) {
                                    reached.add(now.live() ? Reached.BACK_BY_A_BEAT : Reached.STILL_DOWN_AFTER_A_BEAT);
                                }
                            });
                }
            });
            before.views()
                    .forEach(view -> view.members().forEach(member -> compare(view.group(), member, state, reached)));
        }
    }

    private static void compare(GroupKey group, Member before, MembershipState state, EnumSet<Reached> reached) {
        Member now = state.member(group, before.memberId()).orElse(before);
        Revocation was = before.revocation();
        if (now.incarnation() == before.incarnation()) {
            Revocation is = now.revocation();
            if (now.longestLeaseMillis() > before.longestLeaseMillis()) {
                reached.add(Reached.LEASE_RAISED);
            }
            if (was == null && is != null) {
                reached.add(Reached.REVOCATION);
            }
            if (was != null && is != null && was.successor().isPresent() && !was.equals(is)) {
                reached.add(Reached.SUCCESSOR_REPLACED);
            }
            if (is != null
                    && is.reason() == LeaveReason.EVICTED
                    && is.successor().isPresent()) {
                reached.add(Reached.EVICTION_WITH_SUCCESSOR);
            }
        } else if (was != null && was.successor().filter(now.spec()::equals).isPresent()) {
            reached.add(Reached.SUCCESSOR_IN);
        }
    }
}
