package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.crds.GroupMembershipClusterStatus;
import io.groupmembership.crds.NodeStatus;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.JoinStream;
import io.groupmembership.e2e.client.Started;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster grows and shrinks by joint consensus while clients join without a pause. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(Started.class)
class ScalingIT {
    /** With {@link #REST} between two joins of a client: 200 joins a second, as long as nothing is in their way. */
    private static final int CLIENTS = 16;

    private static final Duration REST = Duration.ofMillis(70);

    private final Namespace namespace = new Namespace("scaling");
    private ClusterNodes nodes;

    @BeforeAll
    void aClusterOfOne() {
        // nobody answers for the members of the stream: they must not be missed while the test runs
        namespace.apply(Manifests.cluster(
                "demo", 1, "heartbeat: {intervalMillis: 60000, misses: 5}", "storage: {whenScaled: Delete}"));
        namespace.awaitReady("demo", 1);
        nodes = new ClusterNodes(namespace, "demo");
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    @Order(1)
    void fromOneToThreeToFiveAndBackNoJoinThatWasAcknowledgedIsLost() throws Exception {
        JoinStream stream = new JoinStream(group("calm")).clients(CLIENTS, REST).start();
        stream.awaitMore(50);
        scale(3);
        assertConfiguration("demo-0", "demo-1", "demo-2");
        stream.awaitMore(50);
        upAndDown(stream);
        end("1 -> 3 -> 5 -> 3", stream);
    }

    @Test
    @Order(2)
    void theOperatorIsKilledAtEachStep() throws Exception {
        JoinStream stream =
                new JoinStream(group("no-operator")).clients(CLIENTS, REST).start();
        try (AtEachStep steps = new AtEachStep(namespace, "demo", _ -> killOperator())) {
            upAndDown(stream);
            end("3 -> 5 -> 3, the operator killed after " + steps.words(), stream);
            assertThat(steps.words()).hasSizeGreaterThanOrEqualTo(4);
        }
    }

    @Test
    @Order(3)
    void aNodeIsKilledAtEachStep() throws Exception {
        JoinStream stream =
                new JoinStream(group("no-node")).clients(CLIENTS, REST).start();
        try (AtEachStep steps = new AtEachStep(
                namespace,
                "demo",
                count -> namespace.kubectl(
                        "delete", "pod", "demo-" + count % 3, "--grace-period=0", "--force", "--wait=false"))) {
            upAndDown(stream);
            end("3 -> 5 -> 3, a node killed after " + steps.words(), stream);
            assertThat(steps.words()).hasSizeGreaterThanOrEqualTo(4);
        }
    }

    private Group group(String name) throws Exception {
        return new Group(nodes, namespace.name(), name).withPolicy(Group.PATIENT);
    }

    private void upAndDown(JoinStream stream) {
        Kubernetes.get().recycleVolumes();
        scale(5);
        assertConfiguration("demo-0", "demo-1", "demo-2", "demo-3", "demo-4");
        stream.awaitMore(50);
        scale(3);
        assertConfiguration("demo-0", "demo-1", "demo-2");
        stream.awaitMore(50);
    }

    private static void end(String what, JoinStream stream) throws InterruptedException {
        stream.stop();
        System.out.println(what + ": " + stream);
        stream.assertAllThereOnce(0);
    }

    private void scale(int replicas) {
        namespace.kubectl("scale", "gmc/demo", "--replicas=" + replicas);
        namespace.awaitReady("demo", replicas);
        namespace.await(
                "only " + replicas + " pods and volumes are left",
                () -> namespace.pods("groupmembership.io/cluster", "demo").size() == replicas && claims() == replicas);
    }

    private int claims() {
        return namespace
                .client()
                .persistentVolumeClaims()
                .inNamespace(namespace.name())
                .list()
                .getItems()
                .size();
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
