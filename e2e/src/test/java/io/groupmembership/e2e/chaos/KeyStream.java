package io.groupmembership.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Nodes;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that put one key after the other on one node and get it on the next. What is answered 503 or 429 is asked
 * again, of the next node, a put with the same Idempotency-Key; everything else that is no success is a surprise.
 */
final class KeyStream implements Started.Part {
    private static final int CLIENTS = 3;
    private static final Duration REST = Duration.ofMillis(25);
    private static final Duration PAUSE_BEFORE_RETRY = Duration.ofMillis(10);

    private final String scope;
    private final List<NodeApi> nodes;
    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger names = new AtomicInteger();
    private final Gap puts = new Gap();
    private final Gap gets = new Gap();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean stopping;
    private volatile boolean givenUp;

    /** The longest time between two successes. */
    private static final class Gap {
        private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());
        private final AtomicLong longestNanos = new AtomicLong();

        void success() {
            long now = System.nanoTime();
            longestNanos.accumulateAndGet(now - lastNanos.getAndSet(now), Math::max);
        }

        long millis() {
            return Duration.ofNanos(longestNanos.get()).toMillis();
        }
    }

    private interface Request {
        Answer to(NodeApi node) throws IOException, InterruptedException;
    }

    private KeyStream(String scope, List<NodeApi> nodes) {
        this.scope = scope;
        this.nodes = List.copyOf(nodes);
    }

    /** @param nodes that are asked in turn, and answer all the time */
    static KeyStream start(String scope, List<NodeApi> nodes) {
        KeyStream stream = Started.add(new KeyStream(scope, nodes));
        for (int i = 0; i < CLIENTS; i++) {
            int turn = i;
            stream.clients.add(Thread.ofVirtual().name("keys-" + i).start(() -> stream.putAndGet(turn)));
        }
        return stream;
    }

    private static String path(String key) {
        return "/v1/namespaces/default/kv/" + key;
    }

    private void putAndGet(int firstTurn) {
        int turn = firstTurn;
        while (!stopping) {
            String key = scope + "/" + names.incrementAndGet();
            String repeatable = UUID.randomUUID().toString();
            Answer put = untilAnswered(
                    turn++, node -> node.putText(path(key), "value of " + key, "Idempotency-Key", repeatable));
            if (put == null) {
                return;
            }
            expect(put.status() == 201, key + " put", put);
            versions.put(key, put.header("ETag"));
            puts.success();
            Answer get = untilAnswered(turn, node -> node.get(path(key)));
            if (get == null) {
                return;
            }
            expect(isThere(key, get), key + " read", get);
            gets.success();
            LockSupport.parkNanos(REST.toNanos());
        }
    }

    private void expect(boolean asExpected, String what, Answer answer) {
        if (!asExpected) {
            surprises.add(what + ": " + answer);
        }
    }

    private boolean isThere(String key, Answer get) {
        return get.status() == 200
                && get.text().equals("value of " + key)
                && get.header("ETag").equals(versions.get(key));
    }

    /** Null where nobody waits for it any more. */
    private @Nullable Answer untilAnswered(int firstTurn, Request request) {
        int turn = firstTurn;
        while (!givenUp) {
            try {
                Answer answer = request.to(nodes.get(Math.floorMod(turn++, nodes.size())));
                if (answer.status() != 503 && answer.status() != 429) {
                    return answer;
                }
                refusals.incrementAndGet();
            } catch (IOException e) {
                surprises.add(e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
            LockSupport.parkNanos(PAUSE_BEFORE_RETRY.toNanos());
        }
        return null;
    }

    /** Waits until so many more keys have been put. */
    void awaitMore(int keys) {
        int wanted = versions.size() + keys;
        await(keys + " more keys").atMost(Nodes.LIMIT).until(() -> versions.size() >= wanted);
    }

    /** Lets each client finish what it is at. */
    void stop() throws InterruptedException {
        stopping = true;
        for (Thread client : clients) {
            assertThat(client.join(Nodes.LIMIT))
                    .as("every request is answered in the end")
                    .isTrue();
        }
    }

    List<String> surprises() {
        return List.copyOf(surprises);
    }

    /** The keys that were put so far and that this node has not, or not as they were put. */
    List<String> missingOn(NodeApi node) throws IOException, InterruptedException {
        List<String> missing = new ArrayList<>();
        List<String> keys = List.copyOf(versions.keySet());
        // a read behind a barrier: from then on the node itself has all that was put before
        await("a read of " + node.base())
                .atMost(Nodes.LIMIT)
                .until(() -> node.get(path(scope + "/1")).status() == 200);
        for (String key : keys) {
            if (!isThere(key, node.get(path(key) + "?consistency=stale"))) {
                missing.add(key);
            }
        }
        return missing;
    }

    @Override
    public String toString() {
        return versions.size() + " keys put and read, longest time without a put " + puts.millis()
                + " ms, without a get " + gets.millis() + " ms, " + refusals + " answers 503 or 429";
    }

    @Override
    public void end() {
        stopping = true;
        givenUp = true;
    }

    @Override
    public String lastWords() {
        return "stream of keys: " + this + ", surprises " + surprises;
    }
}
