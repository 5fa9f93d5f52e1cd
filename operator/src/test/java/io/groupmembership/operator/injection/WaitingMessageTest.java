package io.groupmembership.operator.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.GroupMembershipClusterSpec;
import io.groupmembership.crds.GroupMembershipClusterStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingMessageTest {
    private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = STARTED.plus(WaitingMessage.USUAL);

    @Test
    void aSidecarThatHasJustStartedIsNoNews() throws IOException {
        assertThat(WaitingMessage.of(waiting(), Optional.of(cluster("False")), LATER.minusSeconds(1)))
                .isEmpty();
    }

    @Test
    void aClusterThatIsNotReadyIsTheReason() throws IOException {
        assertThat(WaitingMessage.of(waiting(), Optional.of(cluster("False")), LATER))
                .contains(new WaitingMessage(
                        "WaitingForMembership",
                        "The pod's containers wait until it is a member of group payments: GroupMembershipCluster"
                                + " shop/main is not ready (QuorumLost): 1 of 3 nodes answers"));
    }

    @Test
    void aClusterWithoutAStatusIsNotReady() throws IOException {
        GroupMembershipCluster fresh = GroupMembershipCluster.of("shop", "main", GroupMembershipClusterSpec.EMPTY);
        assertThat(message(waiting(), Optional.of(fresh))).endsWith("GroupMembershipCluster shop/main is not ready");
    }

    @Test
    void aClusterThatWasDeletedIsTheReason() throws IOException {
        assertThat(message(waiting(), Optional.empty())).endsWith("GroupMembershipCluster shop/main is not there");
    }

    @Test
    void whereTheClusterIsReadyTheLogOfTheSidecarKnowsMore() throws IOException {
        assertThat(message(waiting(), Optional.of(cluster("True"))))
                .endsWith("GroupMembershipCluster shop/main is ready, and the pod has not joined: see kubectl logs -n"
                        + " shop app-1 -c groupmembership");
    }

    @Test
    void anApplicationThatWaitsForTheAgentOnlyIsToldSo() throws IOException {
        WaitingPod pod = WaitingPod.of(pod("/healthz", "false", running(), "")).orElseThrow();
        assertThat(WaitingMessage.of(pod, Optional.of(cluster("False")), LATER)
                        .orElseThrow()
                        .reason())
                .isEqualTo("WaitingForAgent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"started", "pulling", "deleted", "no status", "not injected"})
    void othersDoNotWait(String how) throws IOException {
        Pod pod = switch (how) {
            case "started" -> pod("/readyz", "true", running(), "");
            case "pulling" -> pod("/readyz", "false", "{waiting: {reason: ImagePullBackOff}}", "");
            case "deleted" -> pod("/readyz", "false", running(), "deletionTimestamp: 2026-01-01T00:00:00Z");
            default -> pod("/readyz", "false", running(), "");
        };
        switch (how) {
            case "no status" -> pod.setStatus(null);
            case "not injected" -> pod.getSpec().setInitContainers(List.of());
            default -> {}
        }
        assertThat(WaitingPod.of(pod)).isEmpty();
    }

    private static String message(WaitingPod pod, Optional<GroupMembershipCluster> cluster) {
        return WaitingMessage.of(pod, cluster, LATER).orElseThrow().message();
    }

    private static WaitingPod waiting() throws IOException {
        return WaitingPod.of(pod("/readyz", "false", running(), "")).orElseThrow();
    }

    private static String running() {
        return "{running: {startedAt: \"" + STARTED + "\"}}";
    }

    private static Pod pod(String path, String started, String state, String metadata) throws IOException {
        return InjectionCase.YAML.readValue("""
                metadata:
                  namespace: shop
                  name: app-1
                  uid: 0b4d9f0e-5d1c-4f63-9f0e-1f1d8a6f0c11
                  labels: {groupmembership.io/group: payments}
                  annotations: {groupmembership.io/injected: sidecar, groupmembership.io/cluster: main}
                  %s
                spec:
                  initContainers:
                    - name: groupmembership
                      restartPolicy: Always
                      startupProbe: {httpGet: {path: %s, port: 7118}}
                status:
                  initContainerStatuses:
                    - {name: groupmembership, started: %s, state: %s}
                """.formatted(metadata, path, started, state), Pod.class);
    }

    private static GroupMembershipCluster cluster(String ready) {
        GroupMembershipCluster cluster = GroupMembershipCluster.of("shop", "main", GroupMembershipClusterSpec.EMPTY);
        cluster.setStatus(GroupMembershipClusterStatus.builder()
                .conditions(List.of(new ConditionBuilder()
                        .withType("Ready")
                        .withStatus(ready)
                        .withReason("QuorumLost")
                        .withMessage("1 of 3 nodes answers")
                        .build()))
                .build());
        return cluster;
    }
}
