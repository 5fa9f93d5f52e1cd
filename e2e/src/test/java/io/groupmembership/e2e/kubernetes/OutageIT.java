package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.groupmembership.e2e.client.Group;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** All nodes and the operator are away for a while: what there is goes on, what is new waits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutageIT {
    /** Some leases long, so that whoever counts silence against members would have removed them. */
    private static final Duration OUTAGE = Duration.ofSeconds(75);

    private static final String GROUP = "payments";
    private final SystemDeployment operator = SystemDeployment.operator();
    private final SystemDeployment webhook = SystemDeployment.webhook();

    private final Kubernetes kubernetes = Kubernetes.get();
    private final Namespace namespace = new Namespace("outage");

    @BeforeAll
    void aGroupOfFour() {
        namespace.apply(Manifests.cluster("demo", 3));
        namespace.awaitReady("demo", 3);
        namespace
                .apply(Manifests.groupWithService(GROUP, "demo"))
                .apply(Manifests.deployment("shop", GROUP, 4)
                        .replace("while true", "mkdir /www; echo ok >/www/ok; httpd -p 8080 -h /www; while true"));
        namespace.awaitMembers(GROUP, 4);
    }

    @AfterAll
    void close() {
        webhook.scale(2);
        operator.scale(2);
        namespace.close();
    }

    @Test
    void whatThereIsGoesOnAndWhatIsNewWaits() {
        Map<String, Long> before = Group.incarnations(namespace.view("demo", GROUP));
        namespace.await(
                "the Service has all",
                () -> namespace.endpoints(GROUP + "-members").equals(before.keySet()));
        Map<String, Integer> restarts = restarts(before.keySet());

        operator.scale(0);
        namespace.kubectl("scale", "statefulset", "demo", "--replicas=0");
        namespace.await(
                "the nodes are away",
                () -> namespace.pods("groupmembership.io/cluster", "demo").stream()
                        .noneMatch(pod -> pod.getMetadata().getName().startsWith("demo-")));
        namespace.kubectl("scale", "deployment", "shop", "--replicas=5");
        Awaitility.await("Services route and applications run")
                .during(OUTAGE)
                .atMost(OUTAGE.multipliedBy(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> isAnswered()
                        && namespace.endpoints(GROUP + "-members").equals(before.keySet())
                        && restarts(before.keySet()).equals(restarts));
        assertThatTheNewPodSaysWhyItWaits(before.keySet());

        webhook.scale(0);
        namespace.kubectl("scale", "deployment", "shop", "--replicas=6");
        namespace.await(
                "a pod is refused",
                () -> events("FailedCreate")
                        .anyMatch(event -> event.getMessage().contains("failed calling webhook")));
        assertThat(namespace.pods("app", "shop")).hasSize(5);

        long backNanos = System.nanoTime();
        webhook.scale(2);
        operator.scale(2);
        namespace.awaitMembers(GROUP, 6);
        System.out.printf("all six are members %.1f s after the return%n", (System.nanoTime() - backNanos) / 1e9);
        Map<String, Long> after = Group.incarnations(namespace.view("demo", GROUP));
        namespace.await(
                "the Service has all",
                () -> namespace.endpoints(GROUP + "-members").equals(after.keySet()));
        List<String> removals = before.keySet().stream().flatMap(this::removal).toList();
        System.out.println("before " + before + ", after " + after + ", removals " + removals);
        assertThat(removals).isEmpty();
        assertThat(after).containsAllEntriesOf(before);
        assertThat(restarts(before.keySet())).isEqualTo(restarts);
    }

    /** The operator's own event needs the operator: the kubelet's is there, and the log has the reason. */
    private void assertThatTheNewPodSaysWhyItWaits(Set<String> members) {
        Pod waiting = namespace.pods("app", "shop").stream()
                .filter(pod -> !members.contains(pod.getMetadata().getName()))
                .findFirst()
                .orElseThrow();
        String name = waiting.getMetadata().getName();
        assertThat(waiting.getStatus().getContainerStatuses())
                .singleElement()
                .satisfies(app -> assertThat(app.getStarted()).isFalse());
        assertThat(namespace.kubectl("describe", "pod", name)).contains("Startup probe failed", "statuscode: 503");
        assertThat(namespace.kubectl("logs", name, "-c", "groupmembership"))
                .contains("no node has accepted the join yet, still trying");
    }

    /** By an endpoint that kube-proxy chooses. */
    private boolean isAnswered() {
        String address = namespace
                .client()
                .services()
                .inNamespace(namespace.name())
                .withName(GROUP + "-members")
                .get()
                .getSpec()
                .getClusterIP();
        return kubernetes
                .onServer("curl", "-sS", "--max-time", "5", "http://" + address + "/ok")
                .equals("ok\n");
    }

    private Stream<Event> events(String reason) {
        return namespace.client().v1().events().inNamespace(namespace.name()).list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()));
    }

    private Stream<String> removal(String member) {
        JsonNode removal = namespace.get(
                "demo", "/v1/namespaces/" + namespace.name() + "/groups/" + GROUP + "/removals/" + member);
        return removal.isMissingNode() ? Stream.empty() : Stream.of(removal.toString());
    }

    private Map<String, Integer> restarts(Set<String> pods) {
        return namespace.pods("app", "shop").stream()
                .filter(pod -> pods.contains(pod.getMetadata().getName()))
                .collect(Collectors.toMap(
                        pod -> pod.getMetadata().getName(),
                        pod -> Stream.concat(
                                        pod.getStatus().getInitContainerStatuses().stream(),
                                        pod.getStatus().getContainerStatuses().stream())
                                .mapToInt(ContainerStatus::getRestartCount)
                                .sum()));
    }
}
