package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.HeartbeatMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Accuracy (Cachin, Guerraoui, Rodrigues, chapter 6.7): a member that a view leaves out has left, has crashed, or was
 * fenced before that view was installed. Of the state that means: nobody is left out without a command that names this
 * incarnation, and where a monitor says it, this assignment epoch; and whoever has a lease is left out by the monitor's
 * word or the member's own alone.
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
                    assertThat(before.getOrDefault(change.group(), List.of()).stream()
                                    .map(Member::inHistory))
                            .contains(left.member());
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
                        && (leave.incarnation().isPresent()
                                ? leave.incarnation().getAsLong() == member.incarnation()
                                : !hasLease(member));
            case Command.Withdraw withdraw ->
                left.reason() == LeaveReason.LEFT
                        && withdraw.group().equals(group)
                        && withdraw.memberId().equals(member.memberId())
                        && member.spec().instance().equals(Optional.of(withdraw.instance()));
            case Command.Revoke revoke ->
                left.reason() == LeaveReason.EVICTED
                        && revoke.group().equals(group)
                        && revoke.memberId().equals(member.memberId())
                        && revoke.incarnation().orElse(member.incarnation()) == member.incarnation()
                        && !hasLease(member);
            case Command.Remove remove ->
                remove.targets().stream()
                        .anyMatch(target -> target.group().equals(group)
                                && target.memberId().equals(member.memberId())
                                && target.incarnation() == member.incarnation()
                                && target.assignmentEpoch() == member.assignmentEpoch()
                                && target.reason() == left.reason());
            case Command.Join join ->
                left.reason() == LeaveReason.REPLACED
                        && !hasLease(member)
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

    private static boolean hasLease(Member member) {
        return member.spec().mode() == HeartbeatMode.UDP;
    }

    /** What its monitor may have granted it, and who is to stop it, is known as long as it is in. */
    @Property
    void aLeaseNeverShrinksAndARevocationIsNeverTakenBack(@ForAll("schedules") Schedule schedule) {
        MembershipState state = new MembershipState(TestCluster.ID);
        Map<Long, Member> before = new HashMap<>();
        for (int i = 0; i < schedule.entries().size(); i++) {
            List<Result> ignored = state.apply(schedule.entries().get(i), Schedule.index(i), EventSink.NONE);
            for (GroupView.Summary group : state.groups()) {
                GroupView view = state.view(group.group()).orElseThrow();
                for (Member member : view.members()) {
                    Member earlier = before.getOrDefault(member.incarnation(), member);
                    assertThat(member.longestLeaseMillis())
                            .isGreaterThanOrEqualTo(earlier.longestLeaseMillis())
                            .isGreaterThanOrEqualTo(
                                    Math.toIntExact(view.policy().leaseMillis()));
                    assertThat(reason(member)).isEqualTo(reason(earlier).or(() -> reason(member)));
                    assertThat(member.revocation() == null || hasLease(member)).isTrue();
                    before.put(member.incarnation(), member);
                }
            }
        }
    }

    private static Optional<LeaveReason> reason(Member member) {
        return Optional.ofNullable(member.revocation()).map(Revocation::reason);
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
                assertThat(cluster.apply(
                                TestCluster.revoke(group.group(), member.memberId(), member.incarnation() + 1)))
                        .isEqualTo(new Result.Refused(Result.Refusal.OTHER_INCARNATION, member.incarnation()));
                assertThat(cluster.apply(TestCluster.assign(
                                TestCluster.assignment(group.group(), otherLife, 1, true),
                                TestCluster.assignment(group.group(), otherEpoch, 1, true))))
                        .isEqualTo(new Result.Done());
            }
        }
        assertThat(Facts.of(cluster.state())).isEqualTo(before);
    }
}
