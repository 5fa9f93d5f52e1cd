package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.groupmembership.crds.SidecarTemplate.Startup;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pod whose sidecar runs and has not passed its startup probe, so that the application is not started.
 *
 * @param cluster empty where the annotation was taken away
 * @param startup what the probe asks for
 * @param since when the sidecar's container was started
 */
public record WaitingPod(
        String namespace,
        String name,
        String uid,
        String group,
        Optional<ClusterKey> cluster,
        Startup startup,
        Instant since) {
    /** Empty where the pod has no sidecar of ours, or does not wait for it, or is being deleted. */
    public static Optional<WaitingPod> of(Pod pod) {
        Optional<Container> sidecar = MemberPod.sidecar(pod);
        if (sidecar.isEmpty() || pod.getMetadata().getDeletionTimestamp() != null || pod.getStatus() == null) {
            return Optional.empty();
        }
        String namespace = pod.getMetadata().getNamespace();
        Startup startup = sidecar.map(Container::getStartupProbe)
                .map(Probe::getHttpGet)
                .filter(get -> "/healthz".equals(get.getPath()))
                .map(get -> Startup.AGENT)
                .orElse(Startup.MEMBER);
        return Optional.ofNullable(pod.getStatus().getInitContainerStatuses()).orElse(List.of()).stream()
                .filter(status ->
                        MemberPod.SIDECAR_NAME.equals(status.getName()) && !Boolean.TRUE.equals(status.getStarted()))
                .findFirst()
                .flatMap(WaitingPod::runningSince)
                .map(since -> new WaitingPod(
                        namespace,
                        pod.getMetadata().getName(),
                        pod.getMetadata().getUid(),
                        MemberPod.group(pod).orElse(""),
                        MemberPod.cluster(pod, namespace),
                        startup,
                        since));
    }

    private static Optional<Instant> runningSince(ContainerStatus status) {
        try {
            return Optional.ofNullable(status.getState())
                    .map(ContainerState::getRunning)
                    .map(ContainerStateRunning::getStartedAt)
                    .map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
