package io.groupmembership.operator.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.groupmembership.operator.injection.MemberPod;
import io.groupmembership.operator.injection.WaitingPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the {@link PodView} of a pod. Texts that many pods share are kept once. */
final class PodViewReader {
    private static final String ZONE_LABEL = "topology.kubernetes.io/zone";

    private PodViewReader() {}

    /** @throws IllegalArgumentException for a pod whose UID is no UUID: a static pod, which no webhook has seen */
    static PodView read(Pod pod) {
        ObjectMeta metadata = pod.getMetadata();
        PodSpec spec = pod.getSpec() == null ? new PodSpec() : pod.getSpec();
        PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        return new PodView(
                text(metadata.getNamespace()).intern(),
                text(metadata.getName()),
                UUID.fromString(text(metadata.getUid())),
                text(metadata.getResourceVersion()),
                MemberPod.group(pod).orElse("").intern(),
                ips(status),
                text(status.getPhase()).intern(),
                status.getConditions().stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus())),
                metadata.getDeletionTimestamp() != null,
                text(spec.getNodeName()).intern(),
                entry(metadata.getLabels(), ZONE_LABEL).intern(),
                text(spec.getHostname()),
                text(spec.getSubdomain()).intern(),
                MemberPod.cluster(pod, text(metadata.getNamespace())),
                MemberPod.sidecar(pod).isPresent(),
                List.copyOf(MemberPod.memberContainers(pod)),
                containers(spec, status),
                WaitingPod.of(pod));
    }

    private static List<String> ips(PodStatus status) {
        List<String> ips = status.getPodIPs().stream()
                .map(PodIP::getIp)
                .filter(ip -> ip != null && !ip.isEmpty())
                .toList();
        return ips.isEmpty() && !text(status.getPodIP()).isEmpty() ? List.of(status.getPodIP()) : ips;
    }

    private static List<ContainerView> containers(PodSpec spec, PodStatus status) {
        List<ContainerView> views = new ArrayList<>();
        for (Container container : spec.getContainers()) {
            views.add(container(container, status.getContainerStatuses(), false));
        }
        for (Container container : spec.getInitContainers()) {
            if ("Always".equals(container.getRestartPolicy())) {
                views.add(container(container, status.getInitContainerStatuses(), true));
            }
        }
        return List.copyOf(views);
    }

    private static ContainerView container(Container container, List<ContainerStatus> statuses, boolean sidecar) {
        Optional<ContainerStatus> status = statuses.stream()
                .filter(each -> container.getName().equals(each.getName()))
                .findFirst();
        return new ContainerView(
                container.getName().intern(),
                status.map(each -> text(each.getContainerID())).orElse(""),
                status.map(PodViewReader::state).orElseGet(() -> new ContainerState.Waiting("")),
                status.flatMap(each -> Optional.ofNullable(each.getLastState()))
                        .flatMap(last -> Optional.ofNullable(last.getTerminated()))
                        .map(PodViewReader::terminated),
                status.flatMap(each -> Optional.ofNullable(each.getRestartCount()))
                        .orElse(0),
                sidecar,
                container.getPorts().stream()
                        .filter(port -> port.getContainerPort() != null)
                        .map(port -> new ContainerView.PortView(
                                text(port.getName()).intern(),
                                port.getContainerPort(),
                                port.getProtocol() == null
                                        ? "TCP"
                                        : port.getProtocol().intern()))
                        .toList());
    }

    private static ContainerState state(ContainerStatus status) {
        var state = status.getState();
        if (state != null && state.getTerminated() != null) {
            return terminated(state.getTerminated());
        }
        if (state != null && state.getRunning() != null) {
            return new ContainerState.Running();
        }
        return new ContainerState.Waiting(
                state == null || state.getWaiting() == null
                        ? ""
                        : text(state.getWaiting().getReason()).intern());
    }

    private static ContainerState.Terminated terminated(ContainerStateTerminated terminated) {
        return new ContainerState.Terminated(
                text(terminated.getContainerID()),
                text(terminated.getReason()).intern(),
                terminated.getExitCode() == null ? -1 : terminated.getExitCode());
    }

    private static String entry(@Nullable Map<String, String> entries, String key) {
        return entries == null ? "" : text(entries.get(key));
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
