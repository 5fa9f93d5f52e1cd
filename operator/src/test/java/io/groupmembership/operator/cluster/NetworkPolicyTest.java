package io.groupmembership.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.operator.injection.MemberPod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The NetworkPolicies and the code name the same pods and ports. Nothing here enforces one. */
class NetworkPolicyTest {
    private static final Path DEPLOY = Path.of("../deploy");
    private static final String HEARTBEAT = MemberPod.HEARTBEAT_PORT + "/UDP";
    private static final String HEARTBEAT_BY_TCP = MemberPod.HEARTBEAT_PORT + "/TCP";

    @Test
    void theNodesOfASampleAreReachedOnEachOfTheirPorts() throws IOException {
        NetworkPolicy policy = policies("samples/network-policy-nodes.yaml").getFirst();
        GroupMembershipCluster cluster = sample(GroupMembershipCluster.class, "cluster.yaml");
        cluster.getMetadata().setNamespace("somewhere");
        NodeResources nodes = new NodeResources(cluster, "image");

        assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                .isEqualTo(nodes.statefulSet(3).getSpec().getSelector().getMatchLabels());
        assertThat(ingress(policy)).isEqualTo(ports(nodes));
        assertThat(egress(policy))
                .contains(
                        HEARTBEAT, HEARTBEAT_BY_TCP, peer(ClusterNames.PORTS.peer()), peer(ClusterNames.PORTS.client()))
                .contains(peer(ClusterNames.PORTS.raftAdmin()), "53/UDP")
                .doesNotContain(peer(ClusterNames.PORTS.admin()));
    }

    @Test
    void membersReachNodesAndAreReachedByThem() throws IOException {
        NetworkPolicy policy = policies("samples/network-policy-members.yaml").getFirst();

        assertThat(policy.getSpec().getPodSelector().getMatchExpressions())
                .singleElement()
                .satisfies(label -> assertThat(label.getKey()).isEqualTo(MemberPod.GROUP_LABEL));
        assertThat(ingress(policy)).containsExactly(HEARTBEAT, HEARTBEAT_BY_TCP);
        assertThat(egress(policy))
                .containsExactlyInAnyOrder(
                        peer(ClusterNames.PORTS.http()), ClusterNames.PORTS.udp() + "/UDP", "53/UDP", "53/TCP");
    }

    @Test
    void theOperatorReachesTheNodes() throws IOException {
        NetworkPolicy operator = systemPolicy("groupmembership-operator");
        assertThat(egress(operator))
                .containsExactlyInAnyOrder(peer(ClusterNames.PORTS.http()), peer(ClusterNames.PORTS.admin()));
        assertThat(operator.getSpec().getEgress().getFirst().getTo())
                .singleElement()
                .satisfies(peer -> assertThat(nodeLabels())
                        .containsAllEntriesOf(peer.getPodSelector().getMatchLabels()));
        assertThat(ingress(systemPolicy("groupmembership-webhook"))).contains("8443/TCP");
    }

    private static Map<String, String> nodeLabels() throws IOException {
        GroupMembershipCluster cluster = sample(GroupMembershipCluster.class, "cluster.yaml");
        cluster.getMetadata().setNamespace("somewhere");
        return new NodeResources(cluster, "image")
                .statefulSet(3)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels();
    }

    private static Set<String> ports(NodeResources nodes) {
        return nodes.statefulSet(3).getSpec().getTemplate().getSpec().getContainers().getFirst().getPorts().stream()
                .map((ContainerPort port) -> port.getContainerPort() + "/" + port.getProtocol())
                .collect(Collectors.toSet());
    }

    private static String peer(int port) {
        return port + "/TCP";
    }

    private static Set<String> ingress(NetworkPolicy policy) {
        return text(policy.getSpec().getIngress().stream().flatMap(rule -> rule.getPorts().stream()));
    }

    private static Set<String> egress(NetworkPolicy policy) {
        return text(policy.getSpec().getEgress().stream().flatMap(rule -> rule.getPorts().stream()));
    }

    private static Set<String> text(Stream<NetworkPolicyPort> ports) {
        return ports.map(port -> port.getPort().getIntVal() + "/" + port.getProtocol())
                .collect(Collectors.toSet());
    }

    private static NetworkPolicy systemPolicy(String name) throws IOException {
        return policies("kustomize/components/network-policies/network-policies.yaml").stream()
                .filter(policy -> policy.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<NetworkPolicy> policies(String file) throws IOException {
        return Arrays.stream(Files.readString(DEPLOY.resolve(file)).split("\n---\n"))
                .map(document -> read(NetworkPolicy.class, document))
                .toList();
    }

    private static <T> T sample(Class<T> type, String file) throws IOException {
        return read(type, Files.readString(DEPLOY.resolve("samples").resolve(file)));
    }

    private static <T> T read(Class<T> type, String document) {
        return new KubernetesSerialization(new ObjectMapper(), false).unmarshal(document, type);
    }
}
