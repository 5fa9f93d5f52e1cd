package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.crds.GroupMembershipClusterStatus;
import io.groupmembership.crds.NodeStatus;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.JoinStream;
import io.groupmembership.e2e.client.Started;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster grows and shrinks by joint consensus while clients join without a pause. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Started.class)
class ScalingIT {
    private final Namespace namespace = new Namespace("scaling");

    @BeforeAll
    void aClusterOfOne() {
        // nobody answers for the members of the stream: they must not be missed while the test runs
        namespace.apply(Manifests.cluster("demo", 1, "heartbeat: {intervalMillis: 60000, misses: 5}"));
        namespace.awaitReady("demo", 1);
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void fromOneToThreeToFiveAndBackNoJoinThatWasAcknowledgedIsLost() throws Exception {
        ClusterNodes nodes = new ClusterNodes(namespace, "demo");
        Group group = new Group(nodes, namespace.name(), "stream").withPolicy(Group.PATIENT);
        JoinStream stream = new JoinStream(group).start();
        stream.awaitMore(50);

        scale(3);
        assertConfiguration("demo-0", "demo-1", "demo-2");
        stream.awaitMore(50);
        scale(5);
        assertConfiguration("demo-0", "demo-1", "demo-2", "demo-3", "demo-4");
        stream.awaitMore(50);

        killOperator();
        scale(3);
        assertConfiguration("demo-0", "demo-1", "demo-2");
        stream.awaitMore(50);

        stream.stop();
        System.out.println("1 -> 3 -> 5 -> 3: " + stream);
        stream.assertAllThereOnce(0);
    }

    private void scale(int replicas) {
        namespace.kubectl("scale", "gmc/demo", "--replicas=" + replicas);
        namespace.awaitReady("demo", replicas);
        namespace.await(
                "only " + replicas + " pods are left",
                () -> namespace.pods("groupmembership.io/cluster", "demo").size() == replicas);
    }

    /** What the status says, and what Raft itself says. */
    private void assertConfiguration(String... nodeIds) {
        GroupMembershipClusterStatus status = namespace.cluster("demo").getStatus();
        assertThat(status.nodes().stream().filter(NodeStatus::inConfiguration).map(NodeStatus::nodeId))
                .containsExactlyInAnyOrder(nodeIds);
        JsonNode raft = namespace.get("demo", "/v1/raft");
        List<String> peers = raft.findValuesAsText("peerId").stream()
                .map(peerId -> peerId.substring(0, peerId.indexOf('.')))
                .distinct()
                .toList();
        assertThat(peers).containsExactlyInAnyOrder(nodeIds);
        assertThat(raft.get("oldPeers")).isEmpty();
    }

    private static void killOperator() {
        Kubernetes.get()
                .kubectl(
                        "-n",
                        "groupmembership-system",
                        "delete",
                        "pods",
                        "-l",
                        "app.kubernetes.io/name=groupmembership-operator",
                        "--grace-period=0",
                        "--force",
                        "--wait=false");
    }
}
