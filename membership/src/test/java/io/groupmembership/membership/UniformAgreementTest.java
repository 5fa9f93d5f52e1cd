package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Uniform agreement (Cachin, Guerraoui, Rodrigues, chapter 6.7): if any node installs view V of a group, every correct
 * node installs V, in the same order, or a snapshot whose history contains V. Of the state that means: a view's number
 * tells its content, whichever node is asked, and numbers grow by one with each change.
 */
class UniformAgreementTest {
    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any(60);
    }

    @Property
    void aViewNumberMeansTheSameMembersOnEveryNode(
            @ForAll("schedules") Schedule schedule, @ForAll @IntRange(max = 60) int cut) {
        Map<String, List<Long>> installed = new HashMap<>();
        MembershipState behind = new MembershipState(TestCluster.ID);
        MembershipState ahead = new MembershipState(TestCluster.ID);
        for (int i = 0; i < schedule.entries().size(); i++) {
            apply(ahead, schedule, i);
            installed(ahead, installed);
        }
        // another node, which restarts on its way from its snapshot
        for (int i = 0; i < schedule.entries().size(); i++) {
            behind = i == cut ? TestCluster.restore(TestCluster.snapshot(behind)) : behind;
            apply(behind, schedule, i);
            installed(behind, installed);
        }
    }

    private static void apply(MembershipState state, Schedule schedule, int entry) {
        List<Result> ignored = state.apply(
                TestCluster.throughTheLog(schedule.entries().get(entry)), Schedule.index(entry), EventSink.NONE);
    }

    private static void installed(MembershipState state, Map<String, List<Long>> installed) {
        state.groups().stream()
                .map(group -> state.view(group.group()).orElseThrow())
                .forEach(view -> {
                    List<Long> members =
                            view.members().stream().map(Member::incarnation).toList();
                    List<Long> before = installed.putIfAbsent(view.group() + "#" + view.view(), members);
                    assertThat(members).isEqualTo(before == null ? members : before);
                });
    }

    @Property
    void viewsGrowByOneAndTheirChangesLeadFromEachToTheNext(@ForAll("schedules") Schedule schedule) {
        ViewReplay replay = new ViewReplay();
        MembershipState state = new MembershipState(TestCluster.ID);
        EventSink watcher = new EventSink() {
            @Override
            public void viewChanged(ViewChange change) {
                replay.take(change);
                // whoever is told of a view can read it
                replay.assertSameAs(state.view(change.group()).orElseThrow());
            }
        };
        for (int i = 0; i < schedule.entries().size(); i++) {
            List<Result> ignored = state.apply(schedule.entries().get(i), Schedule.index(i), watcher);
            state.groups()
                    .forEach(group ->
                            replay.assertSameAs(state.view(group.group()).orElseThrow()));
        }
    }

    @Property
    void membersStandInJoinOrder(@ForAll("schedules") Schedule schedule) {
        MembershipState state = schedule.play(EventSink.NONE);
        for (GroupView.Summary group : state.groups()) {
            GroupView view = state.view(group.group()).orElseThrow();
            assertThat(view.members().stream().map(Member::incarnation)).isSorted();
            assertThat(view.members()).hasSize(group.members());
            assertThat(view.leader()).isEqualTo(group.leader());
        }
    }

    @Property
    void whatIsHeardOfMembersIsWhatTheStateSays(@ForAll("schedules") Schedule schedule) {
        Map<Long, Member> heard = new HashMap<>();
        Map<Long, GroupKey> groups = new HashMap<>();
        Set<Long> gone = new HashSet<>();
        MembershipState state = schedule.play(new EventSink() {
            @Override
            public void assigned(GroupKey group, Member member) {
                Member before = heard.put(member.incarnation(), member);
                assertThat(member.assignmentEpoch()).isEqualTo(before == null ? 1 : before.assignmentEpoch() + 1);
                assertThat(gone).doesNotContain(member.incarnation());
                groups.put(member.incarnation(), group);
            }

            @Override
            public void revoked(GroupKey group, Member member) {
                Member before = heard.put(member.incarnation(), member);
                assertThat(before).isNotNull().isNotEqualTo(member);
                assertThat(member.revocation()).isNotNull();
                assertThat(member.inHistory()).isEqualTo(before == null ? null : before.inHistory());
            }

            @Override
            public void policyChanged(GroupKey group, GroupPolicy policy) {
                heard.replaceAll((incarnation, member) ->
                        group.equals(groups.get(incarnation)) ? member.withLeaseOf(policy.leaseMillis()) : member);
            }

            @Override
            public void gone(GroupKey group, Member member) {
                assertThat(heard.remove(member.incarnation())).isEqualTo(member);
                gone.add(member.incarnation());
            }
        });
        List<Member> members = new ArrayList<>();
        state.groups()
                .forEach(group ->
                        members.addAll(state.view(group.group()).orElseThrow().members()));
        assertThat(heard.values()).containsExactlyInAnyOrderElementsOf(members);
    }
}
