package io.groupmembership.membership;

import static io.groupmembership.membership.TestCluster.ORDERS;
import static io.groupmembership.membership.TestCluster.PAYMENTS;
import static io.groupmembership.membership.TestCluster.agent;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PolicyTest {
    private final TestCluster cluster = TestCluster.withNodes(1);

    @Test
    void aPolicyHoldsForTheGroupThatItNamesAlone() {
        GroupPolicy policy = new GroupPolicy(1_000, 5, 10);
        assertThat(cluster.apply(new Command.PutPolicy(PAYMENTS, policy))).isEqualTo(new Result.Done());
        assertThat(cluster.state().policy(PAYMENTS)).isEqualTo(policy);
        assertThat(cluster.state().policy(ORDERS)).isEqualTo(GroupPolicy.DEFAULT);
    }

    @Test
    void aPolicyMakesNoView() {
        cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(TestCluster.maxMembers(PAYMENTS, 3));
        assertThat(cluster.view(PAYMENTS)).isEqualTo(1);
        assertThat(cluster.changes).hasSize(1);
    }

    @Test
    void aPolicyBeforeTheFirstJoinMakesAnEmptyGroup() {
        cluster.apply(TestCluster.maxMembers(PAYMENTS, 3));
        GroupView view = cluster.state().view(PAYMENTS).orElseThrow();
        assertThat(view.view()).isZero();
        assertThat(view.members()).isEmpty();
        assertThat(cluster.in(PAYMENTS, agent("a", 1))).isEqualTo(1);
        assertThat(cluster.state().changesSince(PAYMENTS, 0).orElseThrow()).hasSize(1);
    }

    @Test
    void aSmallerMaximumThrowsNobodyOut() {
        cluster.joins(PAYMENTS, agent("a", 1), agent("b", 1));
        cluster.apply(TestCluster.maxMembers(PAYMENTS, 1));
        assertThat(cluster.ids(PAYMENTS)).hasSize(2);
        assertThat(cluster.join(PAYMENTS, agent("c", 1))).isEqualTo(new Result.Refused(Result.Refusal.GROUP_FULL, 1));
    }

    @Test
    void aPolicyOutlivesARestartAndAnEmptyGroup() {
        cluster.apply(TestCluster.maxMembers(PAYMENTS, 3));
        cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(cluster.leaving(PAYMENTS, "a"));
        cluster.restart();
        assertThat(cluster.state().policy(PAYMENTS).maxMembers()).isEqualTo(3);
    }

    // ---- leases: what was granted stays granted

    private int longestLease(String memberId) {
        return cluster.member(PAYMENTS, memberId).longestLeaseMillis();
    }

    private void lease(long intervalMillis, int misses) {
        cluster.apply(new Command.PutPolicy(PAYMENTS, new GroupPolicy(intervalMillis, misses, 10)));
    }

    @Test
    void aMemberStartsWithTheLeaseOfThePolicyThatItJoinsUnder() {
        cluster.in(PAYMENTS, agent("a", 1));
        lease(1_000, 3);
        cluster.in(PAYMENTS, agent("b", 1));
        assertThat(longestLease("a")).isEqualTo(15_000);
        assertThat(longestLease("b")).isEqualTo(3_000);
    }

    @Test
    void aLongerLeaseRaisesThatOfAllMembersOfTheGroupAndAShorterOneLowersNone() {
        cluster.in(PAYMENTS, agent("a", 1));
        lease(1_000, 3);
        cluster.in(PAYMENTS, agent("b", 1));
        cluster.in(ORDERS, agent("a", 1));
        lease(1_000, 10);
        assertThat(longestLease("a")).isEqualTo(15_000);
        assertThat(longestLease("b")).isEqualTo(10_000);
        lease(GroupPolicy.MAX_INTERVAL_MILLIS, GroupPolicy.MAX_MISSES);
        assertThat(longestLease("a")).isEqualTo(600_000);
        lease(1_000, 1);
        assertThat(longestLease("a")).isEqualTo(600_000);
        assertThat(longestLease("b")).isEqualTo(600_000);
        assertThat(cluster.member(ORDERS, "a").longestLeaseMillis()).isEqualTo(15_000);
    }

    @Test
    void theDefaultPolicyAgainIsALongerLeaseThanAShorterOneOfTheGroupsOwn() {
        lease(1_000, 3);
        cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(new Command.PutPolicy(PAYMENTS, GroupPolicy.DEFAULT));
        assertThat(longestLease("a")).isEqualTo(15_000);
    }

    @Test
    void theLongestLeaseOutlivesARestartAndAnotherMonitor() {
        cluster.in(PAYMENTS, agent("a", 1));
        lease(1_000, 3);
        cluster.restart();
        assertThat(longestLease("a")).isEqualTo(15_000);
        cluster.apply(TestCluster.nodeUp(2));
        cluster.apply(cluster.nodeDown(cluster.member(PAYMENTS, "a").monitorSlot() + 1));
        assertThat(cluster.assigned.getLast().longestLeaseMillis()).isEqualTo(15_000);
    }

    @Test
    void aSuccessorStartsWithTheLeaseOfToday() {
        cluster.in(PAYMENTS, agent("a", 1));
        lease(1_000, 3);
        cluster.replaced(PAYMENTS, agent("a", 2));
        assertThat(longestLease("a")).isEqualTo(3_000);
    }

    @Test
    void aLongerLeaseRevokesNobodysRevocation() {
        cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(TestCluster.revoke(PAYMENTS, "a"));
        lease(10_000, 3);
        assertThat(longestLease("a")).isEqualTo(30_000);
        assertThat(cluster.member(PAYMENTS, "a").revocation()).isNotNull();
    }
}
