package io.groupmembership.operator.pod;

import io.groupmembership.operator.informer.SlimInformer;
import io.groupmembership.operator.injection.ClusterKey;
import io.groupmembership.operator.injection.WaitingPod;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A pod that is labelled to be a member, as far as the operator cares. Texts are empty where the pod has none.
 *
 * @param group the group that the label names
 * @param ips one for each address family
 * @param phase Pending, Running, Succeeded, Failed or Unknown
 * @param ready the pod's condition Ready
 * @param terminating whether its deletion has begun
 * @param zone of its node, from the label that the API server copies to pods
 * @param cluster that it was injected for, if it was
 * @param injected whether the webhook put the sidecar into it: a pod that was labelled after it was created has none
 * @param memberContainers the names of the containers that are the member
 * @param containers those of {@code spec.containers}, in order, and the sidecars
 * @param waiting what it waits for, where its sidecar is no member yet
 */
public record PodView(
        String namespace,
        String name,
        UUID uid,
        String resourceVersion,
        String group,
        List<String> ips,
        String phase,
        boolean ready,
        boolean terminating,
        String nodeName,
        String zone,
        String hostname,
        String subdomain,
        Optional<ClusterKey> cluster,
        boolean injected,
        List<String> memberContainers,
        List<ContainerView> containers,
        Optional<WaitingPod> waiting)
        implements SlimInformer.View {
    /** Whether none of its containers will ever run again. */
    public boolean hasEnded() {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** The number of the port with this name and protocol, of the first container that has one. */
    public Optional<Integer> port(String portName, String protocol) {
        for (ContainerView container : containers) {
            for (ContainerView.PortView port : container.ports()) {
                if (port.name().equals(portName) && port.protocol().equals(protocol)) {
                    return Optional.of(port.port());
                }
            }
        }
        return Optional.empty();
    }
}
