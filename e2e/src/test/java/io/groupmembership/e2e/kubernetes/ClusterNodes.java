package io.groupmembership.e2e.kubernetes;

import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Nodes;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/** The ready nodes of a cluster, reached from outside by a port of the machine: which node answers is kube-proxy's choice. */
final class ClusterNodes implements Nodes {
    private final NodeApi outside;

    ClusterNodes(Namespace namespace, String cluster) {
        OutsidePorts ports = OutsidePorts.open(namespace, cluster, "http");
        this.outside = new NodeApi(URI.create("http://" + ports.machine() + ":" + ports.port("http")));
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
