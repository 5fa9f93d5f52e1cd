package io.groupmembership.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Nodes;
import java.io.IOException;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The ready nodes of a cluster, reached from outside by a port of the machine: which node answers is kube-proxy's choice. */
final class ClusterNodes implements Nodes {
    private final NodeApi outside;

    ClusterNodes(Namespace namespace, String cluster) {
        Service service = namespace
                .client()
                .services()
                .inNamespace(namespace.name())
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(cluster + "-outside")
                        .endMetadata()
                        .withNewSpec()
                        .withType("NodePort")
                        .withSelector(Map.of(
                                "app.kubernetes.io/name",
                                "groupmembership-node",
                                "groupmembership.io/cluster",
                                cluster))
                        .addNewPort()
                        .withPort(7700)
                        .withTargetPort(new IntOrString("http"))
                        .endPort()
                        .endSpec()
                        .build())
                .create();
        Node oldest = namespace.client().nodes().list().getItems().stream()
                .min(Comparator.comparing(node -> node.getMetadata().getCreationTimestamp()))
                .orElseThrow();
        String machine = oldest.getStatus().getAddresses().stream()
                .filter(address -> address.getType().equals("InternalIP"))
                .findFirst()
                .orElseThrow()
                .getAddress();
        int port = service.getSpec().getPorts().getFirst().getNodePort();
        this.outside = new NodeApi(URI.create("http://" + machine + ":" + port));
        namespace.await("kube-proxy knows the port", this::answers);
    }

    private boolean answers() throws InterruptedException {
        try {
            return outside.get("/v1/groups").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<NodeApi> apis() {
        return List.of(outside);
    }
}
