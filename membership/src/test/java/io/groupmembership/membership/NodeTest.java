package io.groupmembership.membership;

import static io.groupmembership.membership.TestCluster.PAYMENTS;
import static io.groupmembership.membership.TestCluster.agent;
import static io.groupmembership.membership.TestCluster.nodeUp;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Result.Done;
import io.groupmembership.membership.Result.Refusal;
import io.groupmembership.membership.Result.Refused;
import org.junit.jupiter.api.Test;

class NodeTest {
    @Test
    void aNodeThatRegistersTwiceIsOneNode() {
        TestCluster cluster = TestCluster.withNodes(1);
        cluster.nodeChanges.clear();
        assertThat(cluster.apply(nodeUp(1))).isEqualTo(new Done());
        assertThat(cluster.state().nodes()).hasSize(1);
        assertThat(cluster.nodeChanges).isEmpty();
    }

    @Test
    void aNodeWithANewAddressKeepsItsSlotAndItsMembers() {
        TestCluster cluster = TestCluster.withNodes(1);
        cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(nodeUp(1, "http://127.0.0.1:9999"));
        NodeRecord node = cluster.state().node("node-1").orElseThrow();
        assertThat(node.address()).isEqualTo("http://127.0.0.1:9999");
        assertThat(node.slot()).isZero();
        assertThat(node.members()).isEqualTo(1);
        assertThat(node.liveness()).isEqualTo(1);
        assertThat(cluster.nodeChanges.getLast()).isEqualTo(node);
    }

    @Test
    void aNodeThatCameBackIsNotDeclaredDownByWhatWasSaidBefore() {
        TestCluster cluster = TestCluster.withNodes(2);
        Command.NodeDown late = cluster.nodeDown(1);
        assertThat(cluster.apply(late)).isEqualTo(new Done());
        cluster.apply(TestCluster.tick(
                new Command.Beat("node-1", 1, 1, cluster.state().appliedIndex())));
        assertThat(cluster.apply(late)).isEqualTo(new Done());
        assertThat(cluster.state().node("node-1").orElseThrow().live()).isTrue();
        assertThat(cluster.state().node("node-1").orElseThrow().liveness()).isEqualTo(2);
    }

    /** It may be able to propose, and get nothing of what is agreed on. */
    @Test
    void registeringAgainDoesNotBringBackANodeThatWasDeclaredDown() {
        TestCluster cluster = TestCluster.withNodes(2);
        cluster.apply(cluster.nodeDown(1));
        cluster.apply(nodeUp(1, "http://elsewhere"));
        NodeRecord node = cluster.state().node("node-1").orElseThrow();
        assertThat(node.live()).isFalse();
        assertThat(node.address()).isEqualTo("http://elsewhere");
    }

    @Test
    void theLastLiveNodeIsNeverDeclaredDown() {
        TestCluster cluster = TestCluster.withNodes(2);
        assertThat(cluster.apply(cluster.nodeDown(1))).isEqualTo(new Done());
        assertThat(cluster.apply(cluster.nodeDown(2))).isEqualTo(new Refused(Refusal.LAST_LIVE_NODE, 0));
    }

    @Test
    void aNodeThatNobodyKnowsCannotGoDown() {
        assertThat(new TestCluster().apply(new Command.NodeDown("node-7", 1)))
                .isEqualTo(new Refused(Refusal.UNKNOWN_NODE, 0));
    }

    @Test
    void aClusterRegistersAThousandNodesAndNoMore() {
        TestCluster cluster = TestCluster.withNodes(NodeTable.MAX_NODES);
        assertThat(cluster.apply(nodeUp(NodeTable.MAX_NODES + 1)))
                .isEqualTo(new Refused(Refusal.TOO_MANY_NODES, NodeTable.MAX_NODES));
        assertThat(cluster.apply(nodeUp(1, "http://elsewhere"))).isEqualTo(new Done());
        cluster.restart();
        assertThat(cluster.state().nodes()).hasSize(NodeTable.MAX_NODES);
    }

    @Test
    void theHashKeyIsTheMd5OfNodeIdAddressAndClusterName() {
        assertThat(NodeRecord.hashKey("node-1", "http://127.0.0.1:7701", "test"))
                .isEqualTo("574027a93704e163b48d21796df80d76");
    }
}
