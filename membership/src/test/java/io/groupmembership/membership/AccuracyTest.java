package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Accuracy (Cachin, Guerraoui, Rodrigues, chapter 6.7): a member that a view leaves out has left, has crashed, or was
 * fenced before that view was installed. Of the state that means: nobody is left out without a command that names this
 * incarnation, and where a monitor says it, this assignment epoch.
 */
class AccuracyTest {
    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.ofSingleCommands(60);
    }

    @Property
    void whoIsLeftOutWasNamedByACommand(@ForAll("schedules") Schedule schedule) {
        MembershipState state = new MembershipState(TestCluster.ID);
        for (int i = 0; i < schedule.entries().size(); i++) {
            Entry entry = schedule.entries().get(i);
            Command command = entry.batch().requests().getFirst().command();
            Map<GroupKey, List<Member>> before = new HashMap<>();
            state.groups()
                    .forEach(group -> before.put(
                            group.group(),
                            state.view(group.group()).orElseThrow().members()));
            List<ViewChange> changes = new ArrayList<>();
            List<Result> ignored = state.apply(entry, Schedule.index(i), new EventSink() {
                @Override
                public void viewChanged(ViewChange change) {
                    changes.add(change);
                }
            });

            for (ViewChange change : changes) {
                for (ViewChange.Left left : change.left()) {
                    assertThat(before.get(change.group())).contains(left.member());
                    assertThat(isNamed(change.group(), left, command))
                            .as("%s in %s", left, command)
                            .isTrue();
                }
            }
            // and nobody is left out without a change that says so
            before.forEach((group, members) -> assertThat(members.stream()
                            .map(Member::incarnation)
                            .filter(incarnation -> !isIn(state, group, incarnation)))
                    .containsExactlyInAnyOrderElementsOf(changes.stream()
                            .filter(change -> change.group().equals(group))
                            .flatMap(change -> change.left().stream())
                            .map(left -> left.member().incarnation())
                            .toList()));
        }
    }

    private static boolean isIn(MembershipState state, GroupKey group, long incarnation) {
        return state.view(group).orElseThrow().members().stream()
                .anyMatch(member -> member.incarnation() == incarnation);
    }

    private static boolean isNamed(GroupKey group, ViewChange.Left left, Command command) {
        Member member = left.member();
        return switch (command) {
            case Command.Leave leave ->
                left.reason() == LeaveReason.LEFT
                        && leave.group().equals(group)
                        && leave.memberId().equals(member.memberId())
                        && leave.incarnation().orElse(member.incarnation()) == member.incarnation();
            case Command.Remove remove ->
                remove.targets().stream()
                        .anyMatch(target -> target.group().equals(group)
                                && target.memberId().equals(member.memberId())
                                && target.incarnation() == member.incarnation()
                                && target.assignmentEpoch() == member.assignmentEpoch()
                                && target.reason() == left.reason());
            case Command.Join join ->
                left.reason() == LeaveReason.REPLACED
                        && join.group().equals(group)
                        && join.joiners().stream()
                                .anyMatch(joiner -> joiner.spec().memberId().equals(member.memberId())
                                        && (joiner.replaces().isPresent()
                                                ? joiner.replaces().getAsLong() == member.incarnation()
                                                : !joiner.spec().hasAgent()
                                                        && !member.spec().hasAgent()));
            default -> false;
        };
    }

    @Property
    void aStaleRemovalOrLeaveChangesNothing(@ForAll("schedules") Schedule schedule) {
        TestCluster cluster = new TestCluster(schedule.play(EventSink.NONE));
        Facts before = Facts.of(cluster.state());
        for (GroupView.Summary group : cluster.state().groups()) {
            for (Member member :
                    cluster.state().view(group.group()).orElseThrow().members()) {
                Member otherLife = new Member(
                        member.spec(), member.incarnation() - 1, member.assignmentEpoch(), member.monitorSlot());
                Member otherEpoch = new Member(
                        member.spec(), member.incarnation(), member.assignmentEpoch() + 1, member.monitorSlot());
                assertThat(cluster.apply(TestCluster.remove(
                                TestCluster.target(group.group(), otherLife),
                                TestCluster.target(group.group(), otherEpoch))))
                        .isEqualTo(new Result.Removed(0));
                assertThat(cluster.apply(TestCluster.leave(group.group(), member.memberId(), member.incarnation() + 1)))
                        .isEqualTo(new Result.Refused(Result.Refusal.OTHER_INCARNATION, member.incarnation()));
            }
        }
        assertThat(Facts.of(cluster.state())).isEqualTo(before);
    }
}
