package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.groupmembership.crds.GroupStatus;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Started;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
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
    private final FakeMachine machine = new FakeMachine(namespace);
    private final AtomicInteger addresses = new AtomicInteger();
    private final AtomicInteger mostEndpoints = new AtomicInteger();
    private final AtomicLong creationNanos = new AtomicLong();
    private final Writes<io.groupmembership.crds.Group> groupWrites = new Writes<>(group -> {});
    private final Writes<EndpointSlice> sliceWrites = new Writes<>(
            slice -> mostEndpoints.accumulateAndGet(slice.getEndpoints().size(), Math::max));

    /** A pod that is a member. */
    private record Member(String name, String ip, long incarnation) {}

    private final List<Watch> watches = new ArrayList<>();
    private NodeApi node;
    private Group group;
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
        machine.start();
        watches.add(namespace
                .client()
                .resources(io.groupmembership.crds.Group.class)
                .inNamespace(namespace.name())
                .watch(groupWrites));
        watches.add(slices().watch(sliceWrites));
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
        watches.forEach(Watch::close);
        machine.end();
        namespace.close();
    }

    @Test
    void theOperatorsWritesAndMemoryStayWithinTheirLimits() throws Exception {
        Map<String, Integer> restarts = operator.restarts();
        long memoryBefore = operator.memory();
        Collection<Member> old = measure("pods come", () -> {
            Queue<Member> came = new ConcurrentLinkedQueue<>();
            each(PODS, Duration.ZERO, i -> came.add(come("old-" + i)));
            return came;
        });
        Collection<Member> young = measure("pods are rolled out", () -> {
            List<Member> going = inNoOrder(old);
            Queue<Member> came = new ConcurrentLinkedQueue<>();
            each(PODS, ROLL_OUT, i -> {
                came.add(come("new-" + i));
                go(going.get(i));
            });
            return came;
        });
        measure("members leave", () -> {
            List<Member> going = inNoOrder(young);
            each(PODS, TEN_SECONDS, i -> leave(going.get(i)));
            return List.of();
        });

        System.out.printf(
                "a pod's creation took %d ms with %d clients; the operator's memory %d MiB before, at most %d of %d;"
                        + " its writes %s%n",
                Duration.ofNanos(creationNanos.get() / (2 * PODS)).toMillis(),
                CLIENTS,
                memoryBefore >> 20,
                operator.mostMemory() >> 20,
                operator.memoryLimit() >> 20,
                operator.writes());
        assertThat(operator.mostMemory()).isLessThan(operator.memoryLimit());
        assertThat(operator.restarts())
                .isEqualTo(restarts)
                .allSatisfy((pod, count) -> assertThat(count).isZero());
    }

    /** Does something with all pods, waits until it is all written, and looks at how often that was done. */
    private Collection<Member> measure(String what, Callable<Collection<Member>> work) throws Exception {
        groupWrites.forget();
        sliceWrites.forget();
        mostEndpoints.set(0);
        long start = System.nanoTime();
        Collection<Member> members = work.call();
        Duration worked = since(start);
        awaitSettled(members);
        Duration settled = since(start);

        int mostOfGroup = Writes.most(TEN_SECONDS, groupWrites);
        int most = Writes.most(TEN_SECONDS, groupWrites, sliceWrites);
        System.out.printf(
                "%,d %s in %.1f s, all is written after %.1f s: %d writes of the group, %d of slices;"
                        + " most in 1 s %d and %d, together %d; in 10 s %d and %d, together %d;"
                        + " at most %d endpoints a slice; the operator's memory %d MiB%n",
                PODS,
                what,
                seconds(worked),
                seconds(settled),
                groupWrites.count(),
                sliceWrites.count(),
                Writes.most(SECOND, groupWrites),
                Writes.most(SECOND, sliceWrites),
                Writes.most(SECOND, groupWrites, sliceWrites),
                mostOfGroup,
                Writes.most(TEN_SECONDS, sliceWrites),
                most,
                mostEndpoints.get(),
                operator.memory() >> 20);
        assertThat(groupWrites.lost() || sliceWrites.lost()).isFalse();
        // 1 a second, and 20 of all kinds; and a little, as a watch tells some of them later than others
        assertThat(mostOfGroup).isLessThanOrEqualTo(12);
        assertThat(most).isLessThanOrEqualTo(220);
        assertThat(mostEndpoints).hasValueLessThanOrEqualTo(MOST_ENDPOINTS);
        return members;
    }

    /** As those of a Deployment go. */
    private static List<Member> inNoOrder(Collection<Member> members) {
        List<Member> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, new Random(1));
        return shuffled;
    }

    /** A pod is created, joins as its sidecar would, and is ready. */
    private Member come(String name) throws Exception {
        long start = System.nanoTime();
        Pod pod = machine.create(name, Map.of("groupmembership.io/group", "payments"));
        creationNanos.addAndGet(System.nanoTime() - start);
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
        leave(member);
        machine.remove(member.name());
    }

    private void leave(Member member) throws Exception {
        Answer answer = node.delete(group.member(member.name()) + "?incarnation=" + member.incarnation());
        assertThat(answer.status()).as("%s", answer).isBetween(200, 204);
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
        List<String> ips = members.stream().map(Member::ip).sorted().toList();
        namespace.await("the slices have the members", () -> readyAddresses().equals(ips));
    }

    private List<String> readyAddresses() {
        return slices().list().getItems().stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .map(endpoint -> endpoint.getConditions().getReady()
                        ? endpoint.getAddresses().getFirst()
                        : "not ready")
                .sorted()
                .toList();
    }

    private FilterWatchListDeletable<EndpointSlice, EndpointSliceList, Resource<EndpointSlice>> slices() {
        return namespace
                .client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace.name())
                .withLabel("kubernetes.io/service-name", "payments");
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
