package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.groupmembership.crds.GroupStatus;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Started;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A roll-out of 1,000 pods, which are objects on a machine that is one too: what the operator writes of it, and what it
 * needs for that, stay within their limits.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Started.class)
class RollOutIT {
    private static final int PODS = 1_000;
    private static final int CLIENTS = 12;
    private static final Duration ROLL_OUT = Duration.ofSeconds(60);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final int MOST_ENDPOINTS = 100;

    private final Namespace namespace = new Namespace("roll-out");
    private final AtomicInteger addresses = new AtomicInteger();
    private final AtomicInteger mostEndpoints = new AtomicInteger();
    private final Writes<io.groupmembership.crds.Group> groupWrites = new Writes<>(group -> {});
    private final Writes<EndpointSlice> sliceWrites = new Writes<>(
            slice -> mostEndpoints.accumulateAndGet(slice.getEndpoints().size(), Math::max));

    /** A pod that is a member. */
    private record Member(String name, String ip, long incarnation) {}

    private NodeApi node;
    private Group group;
    private FakeMachine machine;
    private OperatorUse operator;

    @BeforeAll
    void aGroupThatAServiceFollows() {
        // nobody is to be missed while the test runs
        namespace.apply(Manifests.cluster("demo", 1, "heartbeat: {intervalMillis: 60000, misses: 5}"));
        namespace.awaitReady("demo", 1);
        ClusterNodes nodes = new ClusterNodes(namespace, "demo");
        node = nodes.apis().getFirst();
        group = new Group(nodes, namespace.name(), "payments");
        operator = Started.add(new OperatorUse(namespace));
        machine = Started.add(new FakeMachine(namespace));
        namespace
                .client()
                .resources(io.groupmembership.crds.Group.class)
                .inNamespace(namespace.name())
                .watch(groupWrites);
        namespace
                .client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace.name())
                .withLabel("kubernetes.io/service-name", "payments")
                .watch(sliceWrites);
        namespace.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: payments}
                spec:
                  ports: [{name: http, port: 80, targetPort: 8080}]
                ---
                apiVersion: groupmembership.io/v1alpha1
                kind: Group
                metadata: {name: payments}
                spec:
                  clusterRef: {name: demo}
                  service: payments
                """);
    }

    @AfterAll
    void close() {
        machine.end();
        namespace.close();
    }

    @Test
    void theOperatorsWritesAndMemoryStayWithinTheirLimits() throws Exception {
        Map<String, Integer> restarts = operator.restarts();
        long memoryBefore = operator.memory();
        Map<String, Long> writesBefore = operator.writes();

        long start = System.nanoTime();
        Queue<Member> old = new ConcurrentLinkedQueue<>();
        each(PODS, Duration.ZERO, i -> old.add(come("old-" + i)));
        Duration creation = since(start);
        awaitSettled(old);
        System.out.printf(
                "%,d pods came in %.1f s, and all was written after %.1f s: %d writes of the group, %d of slices%n",
                PODS, seconds(creation), seconds(since(start)), groupWrites.count(), sliceWrites.count());
        long memoryOfAll = operator.memory();
        int groupWritesBefore = groupWrites.count();
        int sliceWritesBefore = sliceWrites.count();

        // those of a Deployment go in an order that is none
        List<Member> going = new ArrayList<>(old);
        Collections.shuffle(going, new Random(1));
        start = System.nanoTime();
        Queue<Member> young = new ConcurrentLinkedQueue<>();
        each(PODS, ROLL_OUT, i -> {
            young.add(come("new-" + i));
            go(going.get(i));
        });
        Duration rollOut = since(start);
        awaitSettled(young);
        Duration settled = since(start);

        int mostInASecond = Writes.most(SECOND, List.of(groupWrites, sliceWrites));
        int mostInTen = Writes.most(TEN_SECONDS, List.of(groupWrites, sliceWrites));
        System.out.printf(
                "roll-out of %,d pods: %,d joins and leaves in %.1f s, all written after %.1f s; %d writes of the group,"
                        + " %d of slices; most in 1 s %d (group %d, slices %d), in 10 s %d (group %d, slices %d);"
                        + " at most %d endpoints a slice; the operator counts %s, before %s;"
                        + " its memory before %d MiB, with all pods %d MiB, at the end %d MiB, at most %d MiB of %d MiB%n",
                PODS,
                2 * PODS,
                seconds(rollOut),
                seconds(settled),
                groupWrites.count() - groupWritesBefore,
                sliceWrites.count() - sliceWritesBefore,
                mostInASecond,
                groupWrites.most(SECOND),
                sliceWrites.most(SECOND),
                mostInTen,
                groupWrites.most(TEN_SECONDS),
                sliceWrites.most(TEN_SECONDS),
                mostEndpoints.get(),
                operator.writes(),
                writesBefore,
                memoryBefore >> 20,
                memoryOfAll >> 20,
                operator.memory() >> 20,
                operator.mostMemory() >> 20,
                operator.memoryLimit() >> 20);

        assertThat(groupWrites.lost() || sliceWrites.lost()).isFalse();
        // 1 a second, and 20 of all kinds; and a little, as a watch tells some of them later than others
        assertThat(groupWrites.most(TEN_SECONDS)).isLessThanOrEqualTo(12);
        assertThat(mostInTen).isLessThanOrEqualTo(220);
        assertThat(mostEndpoints).hasValueLessThanOrEqualTo(MOST_ENDPOINTS);
        assertThat(operator.mostMemory()).isLessThan(operator.memoryLimit());
        assertThat(operator.restarts())
                .isEqualTo(restarts)
                .allSatisfy((pod, count) -> assertThat(count).isZero());
    }

    /** A pod is created, joins as its sidecar would, and is ready. */
    private Member come(String name) throws Exception {
        Pod pod = machine.create(name, Map.of("groupmembership.io/group", "payments"));
        assertThat(pod.getSpec().getInitContainers()).as("the sidecar").hasSize(1);
        int number = addresses.getAndIncrement();
        String ip = "198.18." + number / 250 + "." + (1 + number % 250);
        machine.running(pod, ip, false);
        Map<String, Object> joiner = Group.joiner(name, ip + ":8080", "tcp");
        // no such address is anywhere: the node itself answers for it
        joiner.put("heartbeatAddress", "127.0.0.1:7700");
        joiner.put("metadata", Map.of("kubernetes.io/pod-uid", pod.getMetadata().getUid()));
        Answer answer = node.post(group.members(), joiner);
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        machine.running(pod, ip, true);
        return new Member(name, ip, answer.json().get("incarnation").asLong());
    }

    /** A pod is deleted, its sidecar leaves, and it has ended. */
    private void go(Member member) throws Exception {
        machine.terminate(member.name());
        Answer answer = node.delete(group.member(member.name()) + "?incarnation=" + member.incarnation());
        assertThat(answer.status()).as("%s", answer).isBetween(200, 204);
        machine.remove(member.name());
    }

    private void awaitSettled(Collection<Member> members) {
        JsonNode view = namespace.view("demo", "payments");
        List<String> first = StreamSupport.stream(view.get("members").spliterator(), false)
                .map(member -> member.get("memberId").asText())
                .limit(GroupStatus.MAX_MEMBER_IDS)
                .toList();
        namespace.await("the group's status is the view", () -> {
            GroupStatus status = namespace
                    .client()
                    .resources(io.groupmembership.crds.Group.class)
                    .inNamespace(namespace.name())
                    .withName("payments")
                    .get()
                    .getStatus();
            return Integer.valueOf(members.size()).equals(status.members())
                    && status.memberIds().equals(first);
        });
        Set<String> ips = members.stream().map(Member::ip).collect(Collectors.toSet());
        namespace.await("the slices have the members", () -> readyAddresses().equals(ips));
    }

    private Set<String> readyAddresses() {
        Set<String> ready = new HashSet<>();
        namespace
                .client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace.name())
                .withLabel("kubernetes.io/service-name", "payments")
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .forEach(endpoint -> ready.add(
                        endpoint.getConditions().getReady()
                                ? endpoint.getAddresses().getFirst()
                                : "not ready"));
        return ready;
    }

    /** What one of the clients does. */
    @FunctionalInterface
    private interface Task {
        void run(int number) throws Exception;
    }

    /** Does something for each number, spread over a time. */
    private static void each(int count, Duration over, Task task) throws Exception {
        long start = System.nanoTime();
        try (ExecutorService clients =
                Executors.newFixedThreadPool(CLIENTS, Thread.ofVirtual().factory())) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(clients.submit(() -> {
                    LockSupport.parkNanos(start + over.toNanos() * number / count - System.nanoTime());
                    task.run(number);
                    return number;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
