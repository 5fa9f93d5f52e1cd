package io.groupmembership.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Ports of a machine that lead to the ready nodes of a cluster: which node answers is kube-proxy's choice.
 *
 * @param machine its address
 */
record OutsidePorts(String machine, List<ServicePort> ports) {
    /** @param names as the nodes' container calls the ports */
    static OutsidePorts open(Namespace namespace, String cluster, String... names) {
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
                        .withPorts(
                                Arrays.stream(names).map(OutsidePorts::portTo).toList())
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
        return new OutsidePorts(machine, service.getSpec().getPorts());
    }

    private static ServicePort portTo(String name) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(name.equals("admin") ? 7740 : 7700)
                .withTargetPort(new IntOrString(name))
                .build();
    }

    int port(String name) {
        return ports.stream()
                .filter(port -> port.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getNodePort();
    }
}
