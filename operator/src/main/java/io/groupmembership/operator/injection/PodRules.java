package io.groupmembership.operator.injection;

import static io.groupmembership.operator.injection.MemberPod.HEARTBEAT_PORT;
import static io.groupmembership.operator.injection.MemberPod.LOCAL_API_PORT;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.groupmembership.operator.injection.Refusal.Reason;
import io.groupmembership.protocol.Names;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a pod itself must be like to get a sidecar: its label is a group's name, it has a network and a kernel that the
 * sidecar can work with, and nobody in it has the sidecar's name or ports.
 */
final class PodRules {
    private PodRules() {}

    static void check(Pod pod, String group) throws RefusedException {
        Optional<String> problem = Names.groupProblem(group);
        if (problem.isPresent()) {
            throw new RefusedException(
                    Reason.INVALID_GROUP,
                    "label " + MemberPod.GROUP_LABEL + " " + problem.get()
                            + (group.isEmpty() ? "" : ", not " + Refusal.quoted(group))
                            + ": it is the name of a group");
        }
        PodSpec spec = MemberPod.spec(pod);
        if (Boolean.TRUE.equals(spec.getHostNetwork())) {
            throw new RefusedException(
                    Reason.HOST_NETWORK,
                    "spec.hostNetwork must not be true in a pod with the label " + MemberPod.GROUP_LABEL
                            + ": on the host's network the sidecars of one machine would share port " + HEARTBEAT_PORT
                            + ", and every process there could reach port " + LOCAL_API_PORT);
        }
        if (spec.getOs() != null && "windows".equals(spec.getOs().getName())) {
            throw new RefusedException(Reason.WINDOWS, "spec.os.name must not be windows: the sidecar runs on Linux");
        }
        checkContainers("spec.initContainers", MemberPod.initContainers(pod));
        checkContainers("spec.containers", MemberPod.containers(pod));
    }

    private static void checkContainers(String field, List<Container> containers) throws RefusedException {
        for (Container container : containers) {
            if (MemberPod.SIDECAR_NAME.equals(container.getName())) {
                throw new RefusedException(
                        Reason.NAME_TAKEN,
                        field + " has a container " + Refusal.quoted(MemberPod.SIDECAR_NAME)
                                + " that was not injected: that name is the sidecar's, choose another");
            }
            Optional<ContainerPort> taken = ports(container)
                    .filter(port -> taken(port.getContainerPort(), protocol(port)))
                    .findFirst();
            if (taken.isPresent()) {
                throw new RefusedException(
                        Reason.PORT_TAKEN,
                        field + " has a container " + Refusal.quoted(String.valueOf(container.getName()))
                                + " with port " + taken.get().getContainerPort() + "/" + protocol(taken.get())
                                + ", which the sidecar needs: choose another than " + LOCAL_API_PORT + "/TCP, "
                                + HEARTBEAT_PORT + "/TCP and " + HEARTBEAT_PORT + "/UDP");
            }
        }
    }

    private static Stream<ContainerPort> ports(Container container) {
        return container.getPorts() == null
                ? Stream.of()
                : container.getPorts().stream().filter(port -> port.getContainerPort() != null);
    }

    private static boolean taken(int port, String protocol) {
        return switch (protocol) {
            case "TCP" -> port == LOCAL_API_PORT || port == HEARTBEAT_PORT;
            case "UDP" -> port == HEARTBEAT_PORT;
            default -> false;
        };
    }

    private static String protocol(ContainerPort port) {
        return port.getProtocol() == null ? "TCP" : port.getProtocol();
    }
}
