package io.groupmembership.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.NodeApi.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that join one member after the other through all nodes in turn. What is not acknowledged is asked again, of
 * the next node, with the same Idempotency-Key, until it is.
 */
public final class JoinStream implements Started.Part {
    private static final Duration PAUSE_BEFORE_RETRY = Duration.ofMillis(10);

    private final Group group;
    private final List<NodeApi> nodes;
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final AtomicInteger names = new AtomicInteger();
    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong longestGapNanos = new AtomicLong();
    private final List<Thread> clients = new ArrayList<>();
    private int clientCount = 6;
    private Duration rest = Duration.ZERO;
    private volatile boolean stopping;
    private volatile boolean givenUp;

    /** The stream asks the nodes that run now. */
    public JoinStream(Group group) {
        this(group, group.nodes().apis());
    }

    public JoinStream(Group group, List<NodeApi> nodes) {
        this.group = group;
        this.nodes = List.copyOf(nodes);
    }

    /** So many clients, each of which rests between two joins. */
    public JoinStream clients(int count, Duration restsFor) {
        clientCount = count;
        rest = restsFor;
        return this;
    }

    public JoinStream start() {
        Started.add(this);
        lastNanos.set(System.nanoTime());
        for (int i = 0; i < clientCount; i++) {
            int turn = i;
            clients.add(Thread.ofVirtual().name("joins-" + i).start(() -> joinOneAfterTheOther(turn)));
        }
        return this;
    }

    private void joinOneAfterTheOther(int firstTurn) {
        int turn = firstTurn;
        while (!stopping) {
            String memberId = "m-" + names.incrementAndGet();
            String key = UUID.randomUUID().toString();
            while (!givenUp && !acknowledged.containsKey(memberId)) {
                NodeApi node = nodes.get(Math.floorMod(turn++, nodes.size()));
                if (!join(node, memberId, key)) {
                    LockSupport.parkNanos(PAUSE_BEFORE_RETRY.toNanos());
                }
            }
            LockSupport.parkNanos(rest.toNanos());
        }
    }

    private boolean join(NodeApi node, String memberId, String key) {
        Answer answer;
        try {
            answer = node.post(group.members(), Group.joiner(memberId, "127.0.0.1:9", "tcp"), "Idempotency-Key", key);
            answers.computeIfAbsent(answer.status(), status -> new AtomicInteger())
                    .incrementAndGet();
            if (answer.status() == 201) {
                acknowledge(memberId, answer.json().get("incarnation").asLong());
                return true;
            }
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        if (answer.status() != 503 && answer.status() != 429) {
            surprises.add(node.base() + " answered " + answer);
        }
        return false;
    }

    private void acknowledge(String memberId, long incarnation) {
        acknowledged.put(memberId, incarnation);
        long now = System.nanoTime();
        long gap = now - lastNanos.getAndSet(now);
        longestGapNanos.accumulateAndGet(gap, Math::max);
    }

    /** Waits until so many more joins have been acknowledged. */
    public void awaitMore(int joins) {
        int wanted = acknowledged.size() + joins;
        await(joins + " more joins")
                .atMost(Nodes.LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> acknowledged.size() >= wanted);
    }

    /** Lets each client finish the join that it is at; returns the incarnations by memberId. */
    public Map<String, Long> stop() throws InterruptedException {
        stopping = true;
        for (Thread client : clients) {
            assertThat(client.join(Nodes.LIMIT))
                    .as("every join is acknowledged in the end")
                    .isTrue();
        }
        return new HashMap<>(acknowledged);
    }

    /**
     * Nothing that was acknowledged is lost, nothing was applied twice, on every node: a join makes one view, so the
     * number of the view counts them.
     *
     * @param before the view before the stream began
     */
    public void assertAllThereOnce(long before) {
        JsonNode view = group.view();
        assertThat(surprises).isEmpty();
        assertThat(Group.incarnations(view)).isEqualTo(acknowledged);
        assertThat(view.get("members")).hasSize(acknowledged.size());
        assertThat(view.get("view").asLong() - before).isEqualTo(acknowledged.size());
    }

    public Duration longestGap() {
        return Duration.ofNanos(longestGapNanos.get());
    }

    @Override
    public String toString() {
        return acknowledged.size() + " joins acknowledged, longest time without one "
                + longestGap().toMillis() + " ms, answers by status " + answers;
    }

    @Override
    public void end() {
        stopping = true;
        givenUp = true;
    }

    @Override
    public String lastWords() {
        return "stream of joins: " + this + ", surprises " + surprises;
    }
}
