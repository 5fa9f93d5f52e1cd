package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.Condition;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.GroupMembershipClusterStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a pod waits, for {@code kubectl describe pod}. The kubelet's own event tells the status code of the failing probe and
 * not its body, so that the operator has to say it.
 *
 * @param reason in CamelCase, of the event
 */
public record WaitingMessage(String reason, String message) {
    /** A sidecar needs a moment to start and to join: until then there is nothing to say. */
    static final Duration USUAL = Duration.ofSeconds(10);

    private static final int MESSAGE_CHARACTERS = 1_000;

    public WaitingMessage {
        if (message.length() > MESSAGE_CHARACTERS) {
            message = message.substring(0, MESSAGE_CHARACTERS) + "…";
        }
    }

    /** @param cluster the one that the pod names, if it is there */
    public static Optional<WaitingMessage> of(WaitingPod pod, Optional<GroupMembershipCluster> cluster, Instant now) {
        if (now.isBefore(pod.since().plus(USUAL))) {
            return Optional.empty();
        }
        String log = "kubectl logs -n " + pod.namespace() + " " + pod.name() + " -c " + MemberPod.SIDECAR_NAME;
        return Optional.of(
                switch (pod.startup()) {
                    case AGENT ->
                        new WaitingMessage(
                                "WaitingForAgent",
                                "The pod's containers wait for the sidecar, which does not answer on port "
                                        + MemberPod.HEARTBEAT_PORT + ": see " + log);
                    case MEMBER ->
                        new WaitingMessage(
                                "WaitingForMembership",
                                "The pod's containers wait until it is a member of group " + pod.group() + ": "
                                        + why(pod, cluster, log));
                });
    }

    private static String why(WaitingPod pod, Optional<GroupMembershipCluster> cluster, String log) {
        String name = "GroupMembershipCluster "
                + pod.cluster().map(ClusterKey::toString).orElse("(annotation " + MemberPod.CLUSTER_ANNOTATION + ")");
        if (cluster.isEmpty()) {
            return name + " is not there";
        }
        Optional<Condition> ready = cluster.get().getStatus().conditions().stream()
                .filter(condition -> GroupMembershipClusterStatus.READY.equals(condition.getType()))
                .findFirst();
        if (ready.filter(condition -> "True".equals(condition.getStatus())).isPresent()) {
            return name + " is ready, and the pod has not joined: see " + log;
        }
        return name + " is not ready"
                + ready.map(condition ->
                                text(" (", condition.getReason(), ")") + text(": ", condition.getMessage(), ""))
                        .orElse("");
    }

    private static String text(String before, @Nullable String value, String after) {
        return value == null || value.isEmpty() ? "" : before + value + after;
    }
}
