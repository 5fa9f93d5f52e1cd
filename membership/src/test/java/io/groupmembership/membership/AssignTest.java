package io.groupmembership.membership;

import static io.groupmembership.membership.TestCluster.ORDERS;
import static io.groupmembership.membership.TestCluster.PAYMENTS;
import static io.groupmembership.membership.TestCluster.agent;
import static io.groupmembership.membership.TestCluster.assign;
import static io.groupmembership.membership.TestCluster.assignment;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Command.Assignment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AssignTest {
    private final TestCluster cluster = TestCluster.withNodes(3);
    private int here;
    private int there;

    @BeforeEach
    void aMember() {
        cluster.in(PAYMENTS, agent("a", 1));
        here = member().monitorSlot() + 1;
        there = here % 3 + 1;
        cluster.assigned.clear();
    }

    private Member member() {
        return cluster.member(PAYMENTS, "a");
    }

    private int load(int number) {
        return cluster.state().nodes().get(number - 1).members();
    }

    private void move(int to, boolean heard) {
        assertThat(cluster.apply(assign(assignment(PAYMENTS, member(), to, heard))))
                .isEqualTo(new Result.Done());
    }

    private void isSkipped(Assignment assignment) {
        Facts before = Facts.of(cluster.state());
        assertThat(cluster.apply(assign(assignment))).isEqualTo(new Result.Done());
        assertThat(Facts.of(cluster.state())).isEqualTo(before);
        assertThat(cluster.assigned).isEmpty();
    }

    @Test
    void aMemberGetsTheMonitorThatIsNamedAndANewEpoch() {
        move(there, true);
        assertThat(member().monitorSlot()).isEqualTo(there - 1);
        assertThat(member().assignmentEpoch()).isEqualTo(2);
        assertThat(cluster.assigned).containsExactly(member());
        assertThat(load(here)).isZero();
        assertThat(load(there)).isEqualTo(1);
        assertThat(cluster.view(PAYMENTS)).isEqualTo(1);
    }

    /** How a monitor takes a suspicion back. */
    @Test
    void theSameMonitorAnewIsANewEpochToo() {
        move(here, true);
        assertThat(member().monitorSlot()).isEqualTo(here - 1);
        assertThat(member().assignmentEpoch()).isEqualTo(2);
        assertThat(load(here)).isEqualTo(1);
        assertThat(cluster.assigned).hasSize(1);
    }

    @Test
    void movesUnheardAreCountedUntilSomeoneHasHeardTheMember() {
        move(there, false);
        move(here, false);
        assertThat(member().unheardMoves()).isEqualTo(2);
        cluster.restart();
        move(there, false);
        assertThat(member().unheardMoves()).isEqualTo(3);
        move(here, true);
        assertThat(member().unheardMoves()).isZero();
        move(there, false);
        assertThat(member().unheardMoves()).isEqualTo(1);
    }

    @Test
    void anotherLifeOfTheMemberIsNotMoved() {
        Member now = member();
        isSkipped(new Assignment(PAYMENTS, "a", now.incarnation() + 1, now.assignmentEpoch(), "node-" + there, true));
        isSkipped(new Assignment(PAYMENTS, "a", now.incarnation(), now.assignmentEpoch() + 1, "node-" + there, true));
        isSkipped(new Assignment(PAYMENTS, "b", now.incarnation(), now.assignmentEpoch(), "node-" + there, true));
        isSkipped(new Assignment(ORDERS, "a", now.incarnation(), now.assignmentEpoch(), "node-" + there, true));
        assertThat(cluster.state().view(ORDERS)).isEmpty();
    }

    @Test
    void nobodyIsMovedToANodeThatIsDownOrUnknown() {
        cluster.apply(cluster.nodeDown(there));
        cluster.assigned.clear();
        isSkipped(assignment(PAYMENTS, member(), there, true));
        isSkipped(assignment(PAYMENTS, member(), 7, true));
    }

    @Test
    void ofTwoMovesThatWereDecidedTogetherTheFirstCounts() {
        Assignment first = assignment(PAYMENTS, member(), there, true);
        Assignment second = assignment(PAYMENTS, member(), here, true);
        cluster.apply(assign(first, second));
        cluster.apply(assign(first));
        assertThat(member().monitorSlot()).isEqualTo(there - 1);
        assertThat(member().assignmentEpoch()).isEqualTo(2);
    }

    @Test
    void oneThatIsSkippedHoldsUpNoOther() {
        cluster.in(ORDERS, agent("b", 1));
        Member b = cluster.member(ORDERS, "b");
        int elsewhere = (b.monitorSlot() + 1) % 3 + 1;
        cluster.apply(assign(
                assignment(ORDERS, member(), there, true),
                assignment(PAYMENTS, b, there, true),
                assignment(ORDERS, b, elsewhere, true)));
        assertThat(member().assignmentEpoch()).isEqualTo(1);
        assertThat(cluster.member(ORDERS, "b").monitorSlot()).isEqualTo(elsewhere - 1);
    }

    @Test
    void aRemovalUnderTheOldEpochIsSkipped() {
        Command.Remove late = TestCluster.remove(TestCluster.target(PAYMENTS, member()));
        move(here, true);
        assertThat(cluster.apply(late)).isEqualTo(new Result.Removed(0));
    }

    @Test
    void whatTheMemberWasGrantedStaysKnown() {
        cluster.apply(new Command.PutPolicy(PAYMENTS, new GroupPolicy(1_000, 3, 10)));
        move(there, true);
        assertThat(member().longestLeaseMillis()).isEqualTo(15_000);
    }
}
