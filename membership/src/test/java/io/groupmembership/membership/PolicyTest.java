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
        cluster.apply(TestCluster.leave(PAYMENTS, "a"));
        cluster.restart();
        assertThat(cluster.state().policy(PAYMENTS).maxMembers()).isEqualTo(3);
    }
}
