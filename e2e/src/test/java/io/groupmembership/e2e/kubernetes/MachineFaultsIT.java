package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.Started;
import io.groupmembership.e2e.client.WatchStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.k3s.K3sContainer;

/** A machine with members on it is paused, cut off and killed; nodes and operator are on another one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(Started.class)
class MachineFaultsIT {
    private static final String GROUP = "payments";
    private static final String FOLLOWING = GROUP + "-members";
    private static final String ORDINARY = "ordinary";
    private static final int NEAR = 4;
    private static final int FAR = 8;

    /** As long as three heartbeats: whoever would be removed a second time has been. */
    private static final Duration QUIET = Duration.ofSeconds(20);

    private Machine machine;
    private Kubernetes kubernetes;
    private Namespace namespace;
    private ClusterNodes nodes;

    @BeforeAll
    void membersOnTwoMachines() {
        K3sContainer server = Kubernetes.newServer();
        machine = Machine.startBesides(server);
        kubernetes = Kubernetes.install(server, machine);
        namespace = new Namespace(kubernetes, "machine-faults");
        namespace.apply(Manifests.cluster("demo", 3, "scheduling: {" + on(Machine.SERVER) + "}"));
        namespace.awaitReady("demo", 3);
        namespace
                .apply(Manifests.groupWithService(GROUP, "demo"))
                .apply(Manifests.service(ORDINARY, "groupmembership.io/group", GROUP))
                .apply(Manifests.deployment("near", GROUP, NEAR, on(Machine.SERVER)))
                .apply(Manifests.deployment("far", GROUP, FAR, on(machine.name())));
        namespace.awaitMembers(GROUP, NEAR + FAR);
        nodes = new ClusterNodes(namespace, "demo");
    }

    @BeforeEach
    void whole() {
        namespace.await("the machine is whole", this::machineIsWhole);
        namespace.awaitMembers(GROUP, NEAR + FAR);
    }

    @Test
    @Order(1)
    void aMachineThatIsPaused() throws Exception {
        itsMembersAreRemovedOnceAndComeBack("paused", machine::pause, machine::unpause);
    }

    @Test
    @Order(2)
    void aMachineThatIsCutOff() throws Exception {
        itsMembersAreRemovedOnceAndComeBack("cut off", machine::cutOff, machine::reconnect);
    }

    @Test
    @Order(3)
    void aPodThatGetsTheNameOfOneThatIsCutOffWaitsForItsEnd() throws Exception {
        kubernetes.kubectl("cordon", Machine.SERVER);
        namespace.apply(Manifests.statefulSet("ordered", "ordered", 1));
        namespace.awaitMembers("ordered", 1);
        // before its lease has begun there is nothing to wait out
        namespace.await(
                "its application runs",
                () -> namespace.pods("app", "ordered").stream().allMatch(this::isReady));
        kubernetes.kubectl("uncordon", Machine.SERVER);
        kubernetes.kubectl("cordon", machine.name());
        Group group = new Group(nodes, namespace.name(), "ordered");
        String old = namespace.pods("app", "ordered").getFirst().getMetadata().getUid();
        long oldIncarnation =
                group.view().get("members").get(0).get("incarnation").asLong();
        WatchStream changes = watch(group);

        Clock clock = new Clock("a pod under the name of one that is cut off");
        machine.cutOff();
        try {
            namespace.kubectl("delete", "pod", "ordered-0", "--force", "--grace-period=0", "--wait=false");
            clock.await(
                    "its sidecar runs",
                    () -> namespace.pods("app", "ordered").stream()
                            .filter(pod -> !pod.getMetadata().getUid().equals(old))
                            .anyMatch(MachineFaultsIT::sidecarRuns));
            clock.await(
                    "the old pod is out",
                    () -> changes.events().stream()
                            .anyMatch(event -> leftIn(event).count() > 0));
            clock.await(
                    "the new pod is in",
                    () -> changes.events().stream()
                            .anyMatch(event -> !event.data().get("joined").isEmpty()));
        } finally {
            machine.reconnect();
            kubernetes.kubectl("uncordon", machine.name());
        }
        clock.await("the machine is back", this::machineIsWhole);
        Awaitility.await("the old pod stays out")
                .during(QUIET)
                .atMost(QUIET.plus(QUIET))
                .until(() -> changes.events().size() == 1);

        // the view that is without the old pod, as its lease is over, is the one that has the new pod
        JsonNode change = changes.events().getFirst().data();
        assertThat(change.get("left")).singleElement().satisfies(left -> {
            assertThat(left.get("incarnation").asLong()).isEqualTo(oldIncarnation);
            assertThat(left.get("reason").asText()).isEqualTo("replaced");
        });
        assertThat(change.get("joined"))
                .singleElement()
                .satisfies(
                        joined -> assertThat(joined.get("incarnation").asLong()).isGreaterThan(oldIncarnation));
    }

    @Test
    @Order(4)
    void aMachineThatIsKilled() throws Exception {
        itsMembersAreRemovedOnceAndComeBack("killed", machine::kill, machine::startAgain);
    }

    private void itsMembersAreRemovedOnceAndComeBack(String fault, Runnable strike, Runnable mend) throws Exception {
        Group group = new Group(nodes, namespace.name(), GROUP);
        Set<String> near = names("near");
        Set<String> far = names("far");
        Set<String> all = new HashSet<>(near);
        all.addAll(far);
        Map<String, Long> before = Group.incarnations(group.view());
        assertThat(before.keySet()).isEqualTo(all);
        namespace.await("both Services lead to all", () -> leadsTo(FOLLOWING, all) && leadsTo(ORDINARY, all));
        WatchStream changes = watch(group);

        Clock clock = new Clock(fault);
        strike.run();
        try {
            clock.await(
                    "first of its members out", () -> leftIn(changes).findAny().isPresent());
            clock.await(
                    "all of its members out",
                    () -> Group.incarnations(group.view()).keySet().equals(near));
            clock.await("out of the Service that the group names", () -> leadsTo(FOLLOWING, near));
            clock.await(
                    "Kubernetes: its pods not ready",
                    () -> namespace.pods("app", "far").stream().noneMatch(this::isReady));
            clock.await("Kubernetes: out of an ordinary Service", () -> leadsTo(ORDINARY, near));
        } finally {
            mend.run();
        }
        Clock afterwards = new Clock("no longer " + fault);
        afterwards.await(
                "all are in again",
                () -> Group.incarnations(group.view()).keySet().equals(all));
        afterwards.await("the group's Service has them", () -> leadsTo(FOLLOWING, all));
        afterwards.await("the ordinary Service has them", () -> leadsTo(ORDINARY, all));

        List<JsonNode> left = leftIn(changes).toList();
        long views = changes.events().stream()
                .filter(event -> leftIn(event).findAny().isPresent())
                .count();
        System.out.println(fault + ": " + left.size() + " removals in " + views + " views");
        Map<String, Long> after = Group.incarnations(group.view());
        changes.end();
        assertThat(left).extracting(gone -> gone.get("reason").asText()).containsOnly("crashed");
        assertThat(left)
                .extracting(gone -> gone.get("memberId").asText())
                .as("each once")
                .containsExactlyInAnyOrderElementsOf(far);
        assertThat(near).allSatisfy(pod -> assertThat(after.get(pod)).isEqualTo(before.get(pod)));
        assertThat(far).allSatisfy(pod -> assertThat(after.get(pod)).isGreaterThan(before.get(pod)));
    }

    /** Says after what time something came about; at the latest then, as it looks for one thing after the other. */
    private final class Clock {
        private final String of;
        private final long startNanos = System.nanoTime();

        Clock(String of) {
            this.of = of;
        }

        void await(String what, Callable<Boolean> condition) {
            namespace.await(of + ": " + what, condition);
            System.out.printf("%s: %s after %.1f s%n", of, what, (System.nanoTime() - startNanos) / 1e9);
        }
    }

    private static String on(String machine) {
        return "nodeSelector: {kubernetes.io/hostname: " + machine + "}";
    }

    private Set<String> names(String app) {
        return namespace.pods("app", app).stream()
                .map(pod -> pod.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    /** All changes from now on. */
    private WatchStream watch(Group group) throws IOException, InterruptedException {
        return WatchStream.open(
                nodes.apis().getFirst(), group.path(), group.view().get("view").asText());
    }

    private static Stream<JsonNode> leftIn(WatchStream changes) {
        return changes.events().stream().flatMap(MachineFaultsIT::leftIn);
    }

    private static Stream<JsonNode> leftIn(WatchStream.Event event) {
        return StreamSupport.stream(event.data().get("left").spliterator(), false);
    }

    private boolean leadsTo(String service, Set<String> pods) {
        return namespace.endpoints(service).equals(pods);
    }

    private boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    private static boolean sidecarRuns(Pod pod) {
        return pod.getStatus().getInitContainerStatuses().stream()
                .anyMatch(status -> status.getState().getRunning() != null);
    }

    /** Ready, and seen so by the controller that would taint it: a fault before that would go unseen by Kubernetes. */
    private boolean machineIsWhole() {
        Node node = kubernetes.client().nodes().withName(machine.name()).get();
        return node.getSpec().getTaints().isEmpty()
                && node.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }
}
