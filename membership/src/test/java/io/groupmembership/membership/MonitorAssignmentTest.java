package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class MonitorAssignmentTest {
    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.ofSingleCommands(60);
    }

    private static Map<Long, Integer> slots(MembershipState state) {
        Map<Long, Integer> slots = new HashMap<>();
        state.groups()
                .forEach(group -> state.view(group.group())
                        .orElseThrow()
                        .members()
                        .forEach(member -> slots.put(member.incarnation(), member.monitorSlot())));
        return slots;
    }

    @Property
    void theCountsOfANodeAreTheMembersThatItMonitors(@ForAll("schedules") Schedule schedule) {
        MembershipState state = new MembershipState(TestCluster.ID);
        for (int i = 0; i < schedule.entries().size(); i++) {
            Map<String, NodeRecord> heard = new HashMap<>();
            List<Result> ignored = state.apply(schedule.entries().get(i), Schedule.index(i), new EventSink() {
                @Override
                public void nodeChanged(NodeRecord node) {
                    heard.put(node.nodeId(), node);
                }
            });
            Map<Long, Integer> slots = slots(state);
            assertThat(state.memberCount()).isEqualTo(slots.size());
            for (NodeRecord node : state.nodes()) {
                long members = slots.values().stream()
                        .filter(slot -> slot == node.slot())
                        .count();
                assertThat(node.members()).isEqualTo(Math.toIntExact(members));
                List<Member> visited = new ArrayList<>();
                state.forEachMonitoredBy(node.slot(), (group, member) -> visited.add(member));
                assertThat(visited).hasSize(node.members());
            }
            assertThat(state.nodes().stream().map(node -> node.withMembers(0)))
                    .as("who hears of a node hears how it is now, the count of members apart")
                    .containsAll(heard.values().stream()
                            .map(node -> node.withMembers(0))
                            .toList());
            boolean anyLive = state.nodes().stream().anyMatch(NodeRecord::live);
            assertThat(slots.values())
                    .allMatch(slot ->
                            anyLive ? slot >= 0 && state.nodes().get(slot).live() : slot == NodeTable.NO_NODE);
        }
    }

    @Property
    void whoJoinsGetsAMonitorWithinTheBound(
            @ForAll @IntRange(min = 1, max = 7) int nodes, @ForAll @IntRange(min = 1, max = 300) int members) {
        TestCluster cluster = TestCluster.withNodes(nodes);
        for (int i = 0; i < members; i++) {
            long ignored = cluster.in(TestCluster.PAYMENTS, TestCluster.agent("m" + i, i));
            int bound = MonitorAssignment.bound(i + 1, nodes);
            assertThat(cluster.state().nodes()).allMatch(node -> node.members() <= bound);
        }
    }

    @Property
    void aNodesDeathMovesItsOwnMembersOnly(@ForAll("schedules") Schedule schedule) {
        TestCluster cluster = new TestCluster(schedule.play(EventSink.NONE));
        for (NodeRecord node : cluster.state().nodes()) {
            Map<Long, Integer> before = slots(cluster.state());
            boolean last =
                    cluster.state().nodes().stream().filter(NodeRecord::live).count() == 1;
            Result result = cluster.apply(new Command.NodeDown(node.nodeId(), node.liveness()));
            Map<Long, Integer> after = slots(cluster.state());
            if (last && node.live()) {
                assertThat(result).isEqualTo(new Result.Refused(Result.Refusal.LAST_LIVE_NODE, 0));
                assertThat(after).isEqualTo(before);
            } else {
                before.forEach((incarnation, slot) -> {
                    if (slot == node.slot()) {
                        assertThat(after.get(incarnation)).isNotEqualTo(slot);
                    } else {
                        assertThat(after.get(incarnation)).isEqualTo(slot);
                    }
                });
            }
        }
    }

    @Property(tries = 100)
    void aNodeThatComesMovesMembersToItselfOnly(
            @ForAll @IntRange(min = 1, max = 5) int nodes,
            @ForAll @IntRange(max = 200) int members,
            @ForAll @IntRange(max = 200) int gone) {
        // Given: members left, so that nodes that were full have room again
        TestCluster cluster = TestCluster.withNodes(nodes);
        for (int i = 0; i < members; i++) {
            long ignored = cluster.in(TestCluster.PAYMENTS, TestCluster.agent("m" + i, i));
        }
        for (int i = 0; i < Math.min(gone, members); i++) {
            String id = "m" + (i * 7919) % members;
            if (cluster.state().member(TestCluster.PAYMENTS, id).isPresent()) {
                assertThat(cluster.apply(cluster.leaving(TestCluster.PAYMENTS, id)))
                        .isInstanceOf(Result.Left.class);
            }
        }
        Map<Long, Integer> before = slots(cluster.state());

        // When
        cluster.apply(TestCluster.nodeUp(nodes + 1));

        // Then
        slots(cluster.state()).forEach((incarnation, slot) -> assertThat(slot).isIn(before.get(incarnation), nodes));
        int bound = MonitorAssignment.bound(cluster.state().memberCount(), nodes + 1);
        assertThat(cluster.state().nodes().get(nodes).members()).isLessThanOrEqualTo(bound);
    }

    @Example
    void aNodeThatReturnsTakesBackWhatItHad() {
        TestCluster cluster = TestCluster.withNodes(3);
        for (int i = 0; i < 300; i++) {
            long ignored = cluster.in(TestCluster.PAYMENTS, TestCluster.agent("m" + i, i));
        }
        int had = cluster.state().nodes().get(1).members();
        cluster.apply(cluster.nodeDown(2));
        assertThat(cluster.state().nodes().get(1).members()).isZero();
        cluster.apply(TestCluster.tick(
                new Command.Beat("node-2", 1, 1, cluster.state().appliedIndex())));
        assertThat(cluster.state().nodes().get(1).members()).isBetween(had * 8 / 10, had * 12 / 10);
    }

    @Example
    void membersThatCameBeforeAnyNodeGetAMonitorFromTheFirst() {
        TestCluster cluster = new TestCluster();
        assertThat(cluster.join(TestCluster.PAYMENTS, TestCluster.agent("a", 1)))
                .isEqualTo(new Result.Joined(true, 1, 1, "", 5_000, 3));
        cluster.apply(TestCluster.nodeUp(1));
        Member member = cluster.member(TestCluster.PAYMENTS, "a");
        assertThat(member.monitorSlot()).isZero();
        assertThat(member.assignmentEpoch()).isEqualTo(2);
    }

    /** Nodes of one cluster may run different Java releases: no hash that a release may change has a say. */
    @Example
    void theMonitorOfAMemberIsTheSameOnEveryJavaRuntime() {
        TestCluster cluster = TestCluster.withNodes(3);
        StringBuilder monitors = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            long ignored = cluster.in(TestCluster.PAYMENTS, TestCluster.agent("member-" + i, i));
            monitors.append(cluster.member(TestCluster.PAYMENTS, "member-" + i).monitorSlot());
        }
        assertThat(monitors).hasToString("0112220201211011201001212202012201120002");
    }
}
