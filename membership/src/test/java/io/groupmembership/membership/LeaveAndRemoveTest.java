package io.groupmembership.membership;

import static io.groupmembership.membership.TestCluster.ORDERS;
import static io.groupmembership.membership.TestCluster.PAYMENTS;
import static io.groupmembership.membership.TestCluster.agent;
import static io.groupmembership.membership.TestCluster.plain;
import static io.groupmembership.membership.TestCluster.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Command.Target;
import io.groupmembership.membership.Result.Refusal;
import io.groupmembership.membership.Result.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LeaveAndRemoveTest {
    private final TestCluster cluster = TestCluster.withNodes(2);

    @Test
    void whoLeavesIsOutOfTheNextView() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        assertThat(cluster.apply(TestCluster.leave(PAYMENTS, "a", incarnation)))
                .isEqualTo(new Result.Left(incarnation, 2));
        assertThat(cluster.ids(PAYMENTS)).isEmpty();
        assertThat(cluster.changes.getLast().leader()).isEmpty();
        assertThat(cluster.changes.getLast().left())
                .singleElement()
                .satisfies(left -> assertThat(left.reason()).isEqualTo(LeaveReason.LEFT));
    }

    @Test
    void withoutAnAgentWhoLeavesWithoutAnIncarnationLeavesForWhoeverHasTheId() {
        long incarnation = cluster.in(PAYMENTS, plain("a", "10.0.0.1:80"));
        assertThat(cluster.apply(TestCluster.leave(PAYMENTS, "a"))).isEqualTo(new Result.Left(incarnation, 2));
        assertThat(cluster.changes.getLast().left())
                .singleElement()
                .satisfies(left -> assertThat(left.reason()).isEqualTo(LeaveReason.LEFT));
    }

    @Test
    void leavingWithAnOldIncarnationDoesNotThrowTheSuccessorOut() {
        long first = cluster.in(PAYMENTS, agent("a", 1));
        long second = cluster.replaced(PAYMENTS, agent("a", 2)).incarnation();
        assertThat(cluster.apply(TestCluster.leave(PAYMENTS, "a", first)))
                .isEqualTo(new Refused(Refusal.OTHER_INCARNATION, second));
        assertThat(cluster.ids(PAYMENTS)).containsExactly("a");
    }

    @Test
    void whoIsNotInCannotLeave() {
        assertThat(cluster.apply(TestCluster.leave(PAYMENTS, "a"))).isEqualTo(new Refused(Refusal.NOT_A_MEMBER, 0));
        cluster.in(PAYMENTS, agent("b", 1));
        assertThat(cluster.apply(TestCluster.leave(PAYMENTS, "a"))).isEqualTo(new Refused(Refusal.NOT_A_MEMBER, 0));
        assertThat(cluster.view(PAYMENTS)).isEqualTo(1);
    }

    @Test
    void whenTheLeaderLeavesTheNextInJoinOrderLeads() {
        cluster.joins(PAYMENTS, agent("b", 1), agent("a", 1));
        cluster.apply(cluster.leaving(PAYMENTS, "b"));
        assertThat(cluster.changes.getLast().leader()).contains("a");
    }

    @Test
    void aCutOfAThousandMembersInOneGroupIsOneView() {
        MemberSpec[] specs = new MemberSpec[1_000];
        for (int i = 0; i < specs.length; i++) {
            specs[i] = agent("m" + i, i);
        }
        cluster.joins(PAYMENTS, specs);
        cluster.in(PAYMENTS, agent("survivor", 1));
        List<Target> targets = cluster.state().view(PAYMENTS).orElseThrow().members().stream()
                .filter(member -> !member.memberId().equals("survivor"))
                .map(member -> target(PAYMENTS, member))
                .toList();

        assertThat(cluster.apply(new Command.Remove(targets))).isEqualTo(new Result.Removed(1_000));

        assertThat(cluster.view(PAYMENTS)).isEqualTo(3);
        assertThat(cluster.changes).hasSize(3);
        assertThat(cluster.changes.getLast().left()).hasSize(1_000);
        assertThat(cluster.ids(PAYMENTS)).containsExactly("survivor");
    }

    @Test
    void aCutOverSeveralGroupsIsOneViewEach() {
        cluster.joins(PAYMENTS, agent("a", 1), agent("b", 1));
        cluster.joins(ORDERS, agent("a", 1), agent("b", 1));
        List<Target> targets = new ArrayList<>();
        for (String id : List.of("a", "b")) {
            targets.add(target(PAYMENTS, cluster.member(PAYMENTS, id)));
            targets.add(target(ORDERS, cluster.member(ORDERS, id)));
        }
        assertThat(cluster.apply(new Command.Remove(targets))).isEqualTo(new Result.Removed(4));
        assertThat(cluster.view(PAYMENTS)).isEqualTo(2);
        assertThat(cluster.view(ORDERS)).isEqualTo(2);
        assertThat(cluster.changes).hasSize(4);
    }

    @Test
    void theSameTargetTwiceInACutCountsOnce() {
        cluster.in(PAYMENTS, agent("a", 1));
        Target target = target(PAYMENTS, cluster.member(PAYMENTS, "a"));
        assertThat(cluster.apply(TestCluster.remove(target, target))).isEqualTo(new Result.Removed(1));
        assertThat(cluster.apply(TestCluster.remove(target))).isEqualTo(new Result.Removed(0));
        assertThat(cluster.view(PAYMENTS)).isEqualTo(2);
    }

    /** The old monitor's evidence says nothing about a member that another node has taken over. */
    @Test
    void aRemovalByAFormerMonitorIsSkipped() {
        cluster.in(PAYMENTS, agent("a", 1));
        Member before = cluster.member(PAYMENTS, "a");
        cluster.apply(cluster.nodeDown(before.monitorSlot() + 1));
        assertThat(cluster.member(PAYMENTS, "a").assignmentEpoch()).isEqualTo(2);
        assertThat(cluster.apply(TestCluster.remove(target(PAYMENTS, before)))).isEqualTo(new Result.Removed(0));
        assertThat(cluster.ids(PAYMENTS)).containsExactly("a");
    }

    @Test
    void aCutWithoutAnyMatchMakesNoView() {
        Target nobody = new Target(ORDERS, "x", 5, 1, LeaveReason.CRASHED, Evidence.NONE);
        assertThat(cluster.apply(TestCluster.remove(nobody))).isEqualTo(new Result.Removed(0));
        assertThat(cluster.changes).isEmpty();
        assertThat(cluster.state().groupCount()).isZero();
    }

    @Test
    void aRemovalIsRecordedWithItsEvidence() {
        cluster.in(PAYMENTS, agent("a", 1));
        Member member = cluster.member(PAYMENTS, "a");
        cluster.at(1_234).apply(TestCluster.remove(target(PAYMENTS, member)));
        assertThat(cluster.state().removal(PAYMENTS, "a"))
                .contains(new RemovalRecord(
                        PAYMENTS,
                        "a",
                        member.incarnation(),
                        2,
                        LeaveReason.CRASHED,
                        cluster.state().nodeIdOf(member.monitorSlot()),
                        "node-1",
                        1_234,
                        Optional.of(new UUID(7, 1)),
                        TestCluster.SILENCE));
        assertThat(cluster.state().removal(ORDERS, "a")).isEmpty();
    }

    @Test
    void theLatestRemovalOfAnIdIsTheOneThatIsShown() {
        long first = cluster.in(PAYMENTS, agent("a", 1));
        long second = cluster.replaced(PAYMENTS, agent("a", 2)).incarnation();
        assertThat(cluster.state().removal(PAYMENTS, "a").orElseThrow().incarnation())
                .isEqualTo(first);
        cluster.apply(cluster.leaving(PAYMENTS, "a"));
        RemovalRecord record = cluster.state().removal(PAYMENTS, "a").orElseThrow();
        assertThat(record.incarnation()).isEqualTo(second);
        assertThat(record.reason()).isEqualTo(LeaveReason.LEFT);
        cluster.restart();
        assertThat(cluster.state().removal(PAYMENTS, "a")).contains(record);
    }
}
