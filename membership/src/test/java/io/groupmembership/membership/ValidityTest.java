package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Validity (Cachin, Guerraoui, Rodrigues, chapter 6.7): every member of a view asked to join, with this incarnation.
 */
class ValidityTest {
    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any(60);
    }

    @Property
    void everyMemberAskedToJoinAndWasToldItsIncarnation(@ForAll("schedules") Schedule schedule) {
        MembershipState state = new MembershipState(TestCluster.ID);
        Map<Long, MemberSpec> asked = new HashMap<>();
        Waiting waiting = new Waiting(asked);
        for (int i = 0; i < schedule.entries().size(); i++) {
            Entry entry = schedule.entries().get(i);
            List<Result> results = state.apply(entry, Schedule.index(i), waiting);
            for (int r = 0; r < results.size(); r++) {
                if (entry.batch().requests().get(r).command() instanceof Command.Join join
                        && results.get(r) instanceof Result.Joins joins) {
                    for (int j = 0; j < joins.results().size(); j++) {
                        if (joins.results().get(j) instanceof Result.Joined joined && joined.created()) {
                            asked.putIfAbsent(
                                    joined.incarnation(), join.joiners().get(j).spec());
                        }
                    }
                }
            }
            for (GroupView.Summary group : state.groups()) {
                for (Member member : state.view(group.group()).orElseThrow().members()) {
                    assertThat(member.spec()).isEqualTo(asked.get(member.incarnation()));
                }
            }
        }
        // and whoever asks again is told, a successor too
        TestCluster cluster = new TestCluster(state);
        for (GroupView.Summary group : state.groups()) {
            for (Member member : state.view(group.group()).orElseThrow().members()) {
                assertThat(cluster.join(group.group(), member.spec()))
                        .isInstanceOfSatisfying(Result.Joined.class, joined -> {
                            assertThat(joined.created()).isFalse();
                            assertThat(joined.incarnation()).isEqualTo(member.incarnation());
                        });
            }
        }
    }

    /** Knows who asked to come after whom, and what incarnation came of it. */
    private static final class Waiting implements EventSink {
        private final Map<Long, MemberSpec> asked;
        private final Map<Long, MemberSpec> successors = new HashMap<>();

        Waiting(Map<Long, MemberSpec> asked) {
            this.asked = asked;
        }

        @Override
        public void revoked(GroupKey group, Member member) {
            Objects.requireNonNull(member.revocation())
                    .successor()
                    .ifPresent(successor -> successors.put(member.incarnation(), successor));
        }

        @Override
        public void viewChanged(ViewChange change) {
            for (ViewChange.Left left : change.left()) {
                MemberSpec successor = successors.remove(left.member().incarnation());
                if (successor != null) {
                    assertThat(change.joined())
                            .filteredOn(member -> member.memberId().equals(successor.memberId()))
                            .singleElement()
                            .satisfies(member -> asked.put(member.incarnation(), successor));
                }
            }
        }
    }

    @Property
    void incarnationsAreUniqueAndGrow(@ForAll("schedules") Schedule schedule) {
        List<Long> given = new ArrayList<>();
        MembershipState state = schedule.play(new EventSink() {
            @Override
            public void assigned(GroupKey group, Member member) {
                if (member.assignmentEpoch() == 1) {
                    given.add(member.incarnation());
                }
            }
        });
        for (int i = 1; i < given.size(); i++) {
            assertThat(given.get(i)).isGreaterThan(given.get(i - 1));
        }
        assertThat(state.joinCounter()).isEqualTo(given.size());
    }

    @Property
    void noGroupHasMoreMembersThanItMayWhenSomeoneJoins(@ForAll("schedules") Schedule schedule) {
        MembershipState state = new MembershipState(TestCluster.ID);
        for (int i = 0; i < schedule.entries().size(); i++) {
            List<Result> ignored = state.apply(schedule.entries().get(i), Schedule.index(i), new EventSink() {
                @Override
                public void viewChanged(ViewChange change) {
                    int size =
                            state.view(change.group()).orElseThrow().members().size();
                    int most = state.policy(change.group()).maxMembers();
                    assertThat(size <= most
                                    || change.joined().size() <= change.left().size())
                            .isTrue();
                }
            });
        }
    }
}
