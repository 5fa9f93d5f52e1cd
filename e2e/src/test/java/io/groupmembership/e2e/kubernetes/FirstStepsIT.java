package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** What a user does first: a cluster, a label on pods, and a look at who is in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirstStepsIT {
    private final Namespace namespace = new Namespace("first-steps");

    @BeforeAll
    void aClusterOfThree() {
        namespace.apply(Manifests.cluster("demo", 3));
        namespace.awaitReady("demo", 3);
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    @Order(1)
    void theClusterTellsAUserHowItIs() {
        String table = namespace.kubectl("get", "gmc");
        assertThat(table.lines().findFirst().orElse("")).contains("DESIRED", "READY", "LEADER", "GROUPS", "MEMBERS");
        assertThat(table.lines().skip(1).findFirst().orElse("")).containsPattern("demo +3 +3 +demo-[012] ");
    }

    @Test
    @Order(1)
    void heartbeatsAreSealedWithASecretThatTheClusterHas() {
        assertThat(namespace.kubectl(
                        "get", "secret", "demo-heartbeat", "-o", "jsonpath={.metadata.ownerReferences[*].name}"))
                .contains("demo");
        assertThat(namespace.kubectl("logs", "demo-0")).isNotEmpty().doesNotContain("gm.secrets-file");
    }

    @Test
    @Order(2)
    void labelledPodsAreMembersBeforeTheirApplicationStarts() {
        namespace.apply(Manifests.deployment("shop", "payments", 5));
        namespace.awaitMembers("payments", 5);

        List<Pod> pods = namespace.pods("app", "shop");
        assertThat(memberIds("payments")).isEqualTo(names(pods));
        assertThat(pods).allSatisfy(pod -> {
            Container sidecar = pod.getSpec().getInitContainers().getFirst();
            assertThat(sidecar.getName()).isEqualTo("groupmembership");
            assertThat(sidecar.getRestartPolicy()).isEqualTo("Always");
        });
        JsonNode member = namespace.view("demo", "payments").get("members").get(0);
        assertThat(member.get("address").asText()).endsWith(":8080");
        assertThat(member.get("metadata").get("kubernetes.io/pod-uid").asText())
                .isIn(pods.stream().map(pod -> pod.getMetadata().getUid()).toList());
    }

    @Test
    @Order(3)
    void kubectlGetGroupsShowsWhoIsIn() {
        String table = namespace.kubectl("get", "groups.groupmembership.io");
        assertThat(table.lines().findFirst().orElse("")).contains("MEMBERS", "VIEW", "LEADER", "CHANGED", "AGE");
        assertThat(table).containsPattern("payments +5 ");
        assertThat(namespace.kubectl("get", "groups", "payments", "-o", "name"))
                .contains("group.groupmembership.io/payments");
    }

    @Test
    @Order(4)
    void aPodWithoutTheLabelIsLeftAsItIs() {
        namespace.apply(Manifests.plainPod("plain"));
        namespace.await("the plain pod runs", () -> isRunning("plain"));
        Pod pod = namespace
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withName("plain")
                .get();
        assertThat(pod.getSpec().getInitContainers()).isEmpty();
        assertThat(pod.getSpec().getContainers()).hasSize(1);

        namespace.kubectl("label", "pod", "plain", "groupmembership.io/group=payments");
        namespace.await(
                "an event says that the label came too late",
                () -> namespace.kubectl("describe", "pod", "plain").contains("NotInjected"));
    }

    @Test
    @Order(5)
    void podsThatComeAndGoJoinAndLeave() {
        namespace.kubectl("scale", "deployment/shop", "--replicas=30");
        namespace.awaitMembers("payments", 30);
        Set<String> before = memberIds("payments");
        namespace.kubectl("scale", "deployment/shop", "--replicas=5");
        namespace.awaitMembers("payments", 5);

        before.removeAll(memberIds("payments"));
        assertThat(before)
                .hasSize(25)
                .allSatisfy(gone -> assertThat(
                                removal("payments", gone).get("reason").asText())
                        .isEqualTo("left"));
    }

    @Test
    @Order(6)
    void aSidecarThatIsKilledComesBackAsAnotherIncarnation() {
        Pod pod = namespace.pods("app", "shop").getFirst();
        String name = pod.getMetadata().getName();
        long before = member("payments", name).orElseThrow().get("incarnation").asLong();

        namespace.kill(name, "groupmembership");

        awaitLaterIncarnation(name, before);
    }

    @Test
    @Order(6)
    void anApplicationThatCrashesIsRemovedOnItsKubeletsWord() {
        Pod pod = namespace.pods("app", "shop").getLast();
        String name = pod.getMetadata().getName();
        namespace.await("the pod has run for a while", () -> isOlderThan(name, Duration.ofSeconds(15)));
        long before = member("payments", name).orElseThrow().get("incarnation").asLong();

        namespace.kill(name, "app");

        namespace.await("the crash is on record", () -> {
            JsonNode removal = removal("payments", name);
            return removal.path("incarnation").asLong() == before
                    && removal.path("reason").asText().equals("crashed");
        });
        JsonNode probe = removal("payments", name).get("probes").get(0);
        assertThat(probe.get("path").asText()).isEqualTo("kubelet");
        assertThat(probe.get("result").asText()).contains("app ended", "137");
        namespace.await(
                "an event of the group says why",
                () -> notes("payments").stream()
                        .anyMatch(note -> note.contains(name + " (incarnation " + before + ")")
                                && note.contains("its containers had ended")));
        awaitLaterIncarnation(name, before);
    }

    @Test
    @Order(7)
    void aRollOutReplacesEveryMemberAndNoneHasCrashed() {
        Set<String> before = memberIds("payments");
        namespace.kubectl("rollout", "restart", "deployment/shop");
        namespace.kubectl("rollout", "status", "deployment/shop", "--timeout=180s");
        namespace.awaitMembers("payments", 5);

        assertThat(memberIds("payments")).doesNotContainAnyElementsOf(before);
        assertThat(before)
                .map(gone -> removal("payments", gone))
                .allSatisfy(
                        removal -> assertThat(removal.get("reason").asText()).isEqualTo("left"));
    }

    @Test
    @Order(7)
    void aPodThatIsDeletedIsOutWithAndWithoutGrace() {
        String graceful = namespace.pods("app", "shop").getFirst().getMetadata().getName();
        String forced = namespace.pods("app", "shop").getLast().getMetadata().getName();
        namespace.kubectl("delete", "pod", graceful);
        namespace.kubectl("delete", "pod", forced, "--grace-period=0", "--force");

        namespace.await(
                "both are out",
                () -> !memberIds("payments").contains(graceful)
                        && !memberIds("payments").contains(forced));
        namespace.awaitMembers("payments", 5);
        assertThat(removal("payments", graceful).get("reason").asText()).isEqualTo("left");
        assertThat(removal("payments", forced).get("reason").asText()).isIn("left", "crashed");
    }

    @Test
    @Order(8)
    void aJobWithASidecarCompletes() {
        namespace.apply(Manifests.job("report", "reports"));
        namespace.await("the job's pod is a member", () -> memberIds("reports").size() == 1);
        String pod = memberIds("reports").iterator().next();
        namespace.kubectl("wait", "--for=condition=complete", "job/report", "--timeout=120s");

        namespace.await("the job's pod has left", () -> memberIds("reports").isEmpty());
        assertThat(removal("reports", pod).get("reason").asText()).isEqualTo("left");
    }

    /** What the events of a group say. */
    private List<String> notes(String group) {
        return namespace.client().events().v1().events().inNamespace(namespace.name()).list().getItems().stream()
                .filter(event -> event.getRegarding().getKind().equals("Group")
                        && event.getRegarding().getName().equals(group))
                .map(Event::getNote)
                .toList();
    }

    private boolean isRunning(String pod) {
        Pod now = namespace
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withName(pod)
                .get();
        return now != null && "Running".equals(now.getStatus().getPhase());
    }

    private boolean isOlderThan(String pod, Duration age) {
        String started = namespace
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withName(pod)
                .get()
                .getStatus()
                .getContainerStatuses()
                .getFirst()
                .getState()
                .getRunning()
                .getStartedAt();
        return Instant.parse(started).plus(age).isBefore(Instant.now());
    }

    private Set<String> memberIds(String group) {
        return StreamSupport.stream(
                        namespace.view("demo", group).path("members").spliterator(), false)
                .map(member -> member.get("memberId").asText())
                .collect(Collectors.toSet());
    }

    private Optional<JsonNode> member(String group, String memberId) {
        return StreamSupport.stream(
                        namespace.view("demo", group).path("members").spliterator(), false)
                .filter(member -> member.get("memberId").asText().equals(memberId))
                .findFirst();
    }

    private void awaitLaterIncarnation(String memberId, long before) {
        namespace.await(
                "the sidecar is in again",
                () -> member("payments", memberId)
                        .map(member -> member.get("incarnation").asLong() > before)
                        .orElse(false));
    }

    private JsonNode removal(String group, String memberId) {
        return namespace.get(
                "demo", "/v1/namespaces/" + namespace.name() + "/groups/" + group + "/removals/" + memberId);
    }

    private static Set<String> names(List<Pod> pods) {
        return pods.stream().map(pod -> pod.getMetadata().getName()).collect(Collectors.toSet());
    }
}
