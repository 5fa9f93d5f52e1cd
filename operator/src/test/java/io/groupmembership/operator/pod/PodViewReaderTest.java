package io.groupmembership.operator.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.groupmembership.operator.injection.ClusterKey;
import io.groupmembership.operator.pod.ContainerView.PortView;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class PodViewReaderTest {
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata:
              namespace: shop
              name: orders-0
              uid: 6a0f7f0e-3c1d-4f0a-8a30-0d6f8f1b2c3d
              resourceVersion: "812"
              labels:
                groupmembership.io/group: orders
                topology.kubernetes.io/zone: eu-1
              annotations:
                groupmembership.io/cluster: platform/gm
                groupmembership.io/injected: groupmembership/sidecar:1
                groupmembership.io/containers: app
            spec:
              nodeName: worker-1
              hostname: orders-0
              subdomain: orders
              initContainers:
                - {name: groupmembership, restartPolicy: Always, ports: [{name: gm, containerPort: 7118, protocol: UDP}]}
                - {name: migrate}
              containers:
                - name: app
                  ports: [{name: http, containerPort: 8080}]
                - name: logs
            status:
              phase: Running
              podIP: 10.0.0.7
              podIPs: [{ip: 10.0.0.7}, {ip: "fd00::7"}]
              conditions:
                - {type: Initialized, status: "True"}
                - {type: Ready, status: "True"}
              initContainerStatuses:
                - {name: groupmembership, containerID: "c://s", restartCount: 0, state: {running: {startedAt: "2026-11-22T10:00:00Z"}}}
              containerStatuses:
                - name: app
                  containerID: c://app-2
                  restartCount: 1
                  state: {running: {startedAt: "2026-11-22T10:05:00Z"}}
                  lastState: {terminated: {containerID: "c://app-1", reason: OOMKilled, exitCode: 137}}
                - name: logs
                  containerID: c://logs-1
                  restartCount: 0
                  state: {terminated: {containerID: "c://logs-1", reason: Completed, exitCode: 0}}
            """;

    private static PodView read(String yaml) {
        return PodViewReader.read(Serialization.unmarshal(yaml, Pod.class));
    }

    @Test
    void whatTheOperatorCaresAboutIsRead() {
        PodView pod = read(POD);

        assertThat(pod.uid()).isEqualTo(UUID.fromString("6a0f7f0e-3c1d-4f0a-8a30-0d6f8f1b2c3d"));
        assertThat(pod.group()).isEqualTo("orders");
        assertThat(pod.cluster()).contains(new ClusterKey("platform", "gm"));
        assertThat(pod.injected()).isTrue();
        assertThat(pod.memberContainers()).containsExactly("app");
        assertThat(pod.ips()).containsExactly("10.0.0.7", "fd00::7");
        assertThat(pod.ready()).isTrue();
        assertThat(pod.terminating()).isFalse();
        assertThat(pod.zone()).isEqualTo("eu-1");
        assertThat(pod.hostname() + "." + pod.subdomain()).isEqualTo("orders-0.orders");
        assertThat(pod.port("http", "TCP")).contains(8080);
        assertThat(pod.port("http", "UDP")).isEmpty();
        assertThat(pod.port("gm", "UDP")).contains(7118);
    }

    @Test
    void containersAreThoseThatRunAsLongAsThePodWithWhatTheKubeletSaid() {
        assertThat(read(POD).containers())
                .containsExactly(
                        new ContainerView(
                                "app",
                                "c://app-2",
                                new ContainerState.Running(),
                                Optional.of(new ContainerState.Terminated("c://app-1", "OOMKilled", 137)),
                                1,
                                false,
                                List.of(new PortView("http", 8080, "TCP"))),
                        new ContainerView(
                                "logs",
                                "c://logs-1",
                                new ContainerState.Terminated("c://logs-1", "Completed", 0),
                                Optional.empty(),
                                0,
                                false,
                                List.of()),
                        new ContainerView(
                                "groupmembership",
                                "c://s",
                                new ContainerState.Running(),
                                Optional.empty(),
                                0,
                                true,
                                List.of(new PortView("gm", 7118, "UDP"))));
    }

    @Test
    void aPodThatHasJustBeenCreatedHasNothingYet() {
        PodView pod = read("""
                metadata: {namespace: shop, name: a, uid: 6a0f7f0e-3c1d-4f0a-8a30-0d6f8f1b2c3d}
                spec: {containers: [{name: app}]}
                """);

        assertThat(pod.ips()).isEmpty();
        assertThat(pod.ready()).isFalse();
        assertThat(pod.injected()).isFalse();
        assertThat(pod.hasEnded()).isFalse();
        assertThat(pod.memberContainers()).containsExactly("app");
        assertThat(pod.containers())
                .singleElement()
                .satisfies(container -> assertThat(container.state()).isEqualTo(new ContainerState.Waiting("")));
    }

    @Test
    void aStaticPodsUidIsNone() {
        assertThatThrownBy(() -> read(POD.replace("6a0f7f0e-3c1d-4f0a-8a30-0d6f8f1b2c3d", "5a17c2b6e0c4af1c")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
