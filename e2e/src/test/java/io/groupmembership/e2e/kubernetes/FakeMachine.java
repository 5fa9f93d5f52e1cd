package io.groupmembership.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.groupmembership.e2e.client.Started;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A machine of Kubernetes that is only an object. Its pods are objects too: what a kubelet would say of them, this says. */
final class FakeMachine implements Started.Part {
    private static final String NAME = "fake";
    private static final String LEASES = "kube-node-lease";
    private static final Duration RENEWAL = Duration.ofSeconds(5);

    private final Namespace namespace;
    private final ScheduledExecutorService heartbeat = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("fake-machine").factory());

    FakeMachine(Namespace namespace) {
        this.namespace = namespace;
    }

    FakeMachine start() {
        Started.add(this);
        namespace
                .client()
                .nodes()
                .resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .endMetadata()
                        .withNewSpec()
                        .addNewTaint("NoSchedule", NAME, null, "true")
                        .endSpec()
                        .build())
                .create();
        namespace
                .client()
                .nodes()
                .withName(NAME)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        status(new NodeStatusBuilder()
                                .addNewCondition()
                                .withType("Ready")
                                .withStatus("True")
                                .withReason("Fake")
                                .withLastHeartbeatTime(now())
                                .withLastTransitionTime(now())
                                .endCondition()
                                .build()));
        // a machine whose lease is old is taken for lost, and its pods for not ready
        var _ = heartbeat.scheduleAtFixedRate(this::renew, 0, RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    private void renew() {
        Lease lease = new LeaseBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(LEASES)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(NAME)
                .withLeaseDurationSeconds(40)
                .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS))
                .endSpec()
                .build();
        try {
            namespace.client().resource(lease).serverSideApply();
        } catch (RuntimeException e) {
            System.out.println("the fake machine's lease was not renewed: " + e);
        }
    }

    /** Creates a pod on this machine. */
    Pod create(String name, Map<String, String> labels) {
        return namespace
                .client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace.name())
                        .withLabels(labels)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(NAME)
                        .withAutomountServiceAccountToken(false)
                        .addNewContainer()
                        .withName("app")
                        .withImage("app")
                        .addNewPort()
                        .withContainerPort(8080)
                        .endPort()
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    /** Tells that all containers of a pod run. */
    void running(Pod pod, String ip, boolean ready) {
        String readiness = ready ? "True" : "False";
        namespace
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withName(pod.getMetadata().getName())
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        status(new PodStatusBuilder()
                                .withPhase("Running")
                                .withPodIP(ip)
                                .addNewPodIP(ip)
                                .addNewCondition()
                                .withType("Ready")
                                .withStatus(readiness)
                                .endCondition()
                                .addNewCondition()
                                .withType("ContainersReady")
                                .withStatus(readiness)
                                .endCondition()
                                .withInitContainerStatuses(
                                        containers(pod.getSpec().getInitContainers()))
                                .withContainerStatuses(containers(pod.getSpec().getContainers()))
                                .build()));
    }

    private String status(Object status) {
        return namespace.client().getKubernetesSerialization().asJson(Map.of("status", status));
    }

    private static List<ContainerStatus> containers(List<Container> containers) {
        return containers.stream()
                .map(container -> new ContainerStatusBuilder()
                        .withName(container.getName())
                        .withImage(container.getImage())
                        .withImageID("")
                        .withContainerID("fake://" + container.getName())
                        .withReady(true)
                        .withStarted(true)
                        .withNewState()
                        .withNewRunning(now())
                        .endState()
                        .build())
                .toList();
    }

    /** Asks a pod to end. */
    void terminate(String name) {
        delete(name, 30);
    }

    /** Tells that a pod has ended. */
    void remove(String name) {
        delete(name, 0);
    }

    private void delete(String name, long graceSeconds) {
        namespace
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withName(name)
                .withGracePeriod(graceSeconds)
                .delete();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Override
    public void end() {
        heartbeat.shutdownNow();
        // nobody else ends these pods, and a namespace waits for them
        namespace
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withField("spec.nodeName", NAME)
                .withGracePeriod(0)
                .delete();
        namespace.client().nodes().withName(NAME).delete();
        namespace.client().leases().inNamespace(LEASES).withName(NAME).delete();
    }

    @Override
    public String lastWords() {
        return namespace.kubectl("get", "endpointslices,groups", "-o", "wide");
    }
}
