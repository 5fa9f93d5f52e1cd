package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Command.Target;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Completeness (Cachin, Guerraoui, Rodrigues, chapter 6.7): a crashed member is eventually in no installed view; a
 * process that asks to join eventually is in one. Of the state that means: a removal that names the membership as it
 * is ends it at once, and a join that is accepted is in the view that the answer names.
 */
class CompletenessTest {
    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.ofSingleCommands(60);
    }

    @Property
    void aRemovalThatMatchesTakesTheMemberOutOfTheNextView(@ForAll("schedules") Schedule schedule) {
        MembershipState state = new MembershipState(TestCluster.ID);
        for (int i = 0; i < schedule.entries().size(); i++) {
            Entry entry = schedule.entries().get(i);
            List<Target> matching = entry.batch().requests().getFirst().command() instanceof Command.Remove remove
                            && entry.batch()
                                    .requests()
                                    .getFirst()
                                    .idempotencyKey()
                                    .isEmpty()
                    ? remove.targets().stream()
                            .filter(target -> matches(state, target))
                            .toList()
                    : List.of();
            List<Result> results = state.apply(entry, Schedule.index(i), EventSink.NONE);
            if (matching.isEmpty()) {
                continue;
            }
            long distinct =
                    matching.stream().mapToLong(Target::incarnation).distinct().count();
            assertThat(results).containsExactly(new Result.Removed(Math.toIntExact(distinct)));
            for (Target target : matching) {
                assertThat(matches(state, target)).isFalse();
                RemovalRecord record =
                        state.removal(target.group(), target.memberId()).orElseThrow();
                assertThat(record.incarnation()).isEqualTo(target.incarnation());
                assertThat(record.view())
                        .isEqualTo(state.view(target.group()).orElseThrow().view());
                assertThat(record.committedBy()).isEqualTo(entry.leader());
            }
        }
    }

    @Property
    void whoWaitsIsInTheViewThatItsPredecessorIsOutOf(@ForAll("schedules") Schedule schedule) {
        TestCluster cluster = new TestCluster(schedule.play(EventSink.NONE));
        for (GroupView.Summary group : cluster.state().groups()) {
            for (Member member :
                    cluster.state().view(group.group()).orElseThrow().members()) {
                Revocation revocation = member.revocation();
                if (revocation == null) {
                    continue;
                }
                assertThat(cluster.apply(cluster.ended(group.group(), member.memberId())))
                        .isEqualTo(new Result.Removed(1));
                ViewChange change = cluster.changes.getLast();
                assertThat(change.left()).containsExactly(new ViewChange.Left(member.inHistory(), revocation.reason()));
                assertThat(change.joined().stream().map(Member::spec))
                        .containsExactlyElementsOf(
                                revocation.successor().stream().toList());
            }
        }
    }

    private static boolean matches(MembershipState state, Target target) {
        return state.view(target.group()).stream()
                .flatMap(view -> view.members().stream())
                .anyMatch(member -> member.memberId().equals(target.memberId())
                        && member.incarnation() == target.incarnation()
                        && member.assignmentEpoch() == target.assignmentEpoch());
    }

    /** Whoever was in already may be replaced by a later joiner of the same batch. */
    private static boolean isReplaced(Result.Joins joins, Command.Join join, int joiner) {
        String id = join.joiners().get(joiner).spec().memberId();
        for (int later = joiner + 1; later < join.joiners().size(); later++) {
            if (join.joiners().get(later).spec().memberId().equals(id)
                    && joins.results().get(later) instanceof Result.Joined joined
                    && joined.created()) {
                return true;
            }
        }
        return false;
    }

    @Property
    void aJoinThatIsAcceptedIsInTheViewOfItsAnswer(@ForAll("schedules") Schedule schedule) {
        MembershipState state = new MembershipState(TestCluster.ID);
        for (int i = 0; i < schedule.entries().size(); i++) {
            Request request = schedule.entries().get(i).batch().requests().getFirst();
            List<Result> results = state.apply(schedule.entries().get(i), Schedule.index(i), EventSink.NONE);
            if (!(request.command() instanceof Command.Join join)
                    || request.idempotencyKey().isPresent()
                    || !(results.getFirst() instanceof Result.Joins joins)) {
                continue;
            }
            assertThat(joins.results()).hasSameSizeAs(join.joiners());
            for (int j = 0; j < join.joiners().size(); j++) {
                if (joins.results().get(j) instanceof Result.Joined joined && !isReplaced(joins, join, j)) {
                    GroupView view = state.view(join.group()).orElseThrow();
                    MemberSpec spec = join.joiners().get(j).spec();
                    Optional<Member> member = view.members().stream()
                            .filter(there -> there.incarnation() == joined.incarnation())
                            .findFirst();
                    assertThat(member).as("%s of %s", joined, join).isPresent();
                    assertThat(member.orElseThrow().memberId()).isEqualTo(spec.memberId());
                    assertThat(member.orElseThrow().spec().instance()).isEqualTo(spec.instance());
                    assertThat(joined.view()).isBetween(joined.created() ? view.view() : 1, view.view());
                    assertThat(joined.monitor())
                            .isEqualTo(state.nodeIdOf(member.orElseThrow().monitorSlot()));
                }
            }
        }
    }
}
