package io.groupmembership.operator.pod;

import java.util.List;
import java.util.Optional;

/**
 * One container of a pod that runs as long as the pod does: one of {@code spec.containers}, or a sidecar.
 *
 * @param containerId of the container as it is now; empty before there is one
 * @param lastEnd how the container before this one ended, if it was restarted
 * @param sidecar whether it is an init container that is always restarted
 */
public record ContainerView(
        String name,
        String containerId,
        ContainerState state,
        Optional<ContainerState.Terminated> lastEnd,
        int restarts,
        boolean sidecar,
        List<PortView> ports) {
    /**
     * A port that a container names.
     *
     * @param name empty where it has none
     * @param protocol TCP, UDP or SCTP
     */
    public record PortView(String name, int port, String protocol) {}
}
