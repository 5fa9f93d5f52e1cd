package io.groupmembership.e2e.chaos;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.Nodes;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Asks each node again and again whether it leads, and in which term. A node answers from several fields while they
 * change: it counts as a leader of a term when it has said so twice in a row.
 */
final class TermWatch implements Started.Part {
    private static final Duration REST = Duration.ofMillis(15);

    private final Map<Long, Set<String>> leaders = new ConcurrentHashMap<>();
    private final List<Thread> readers = new ArrayList<>();
    private volatile boolean ended;

    static TermWatch of(List<RigNode> nodes) {
        TermWatch watch = Started.add(new TermWatch());
        for (RigNode node : nodes) {
            watch.readers.add(Thread.ofVirtual().name("terms of " + node.nodeId).start(() -> watch.follow(node)));
        }
        return watch;
    }

    private void follow(RigNode node) {
        long before = -1;
        while (!ended) {
            try {
                long now = termAsLeader(node.raft());
                if (now >= 0 && now == before) {
                    leaders.computeIfAbsent(now, term -> ConcurrentHashMap.newKeySet())
                            .add(node.nodeId);
                }
                before = now;
                TimeUnit.NANOSECONDS.sleep(REST.toNanos());
            } catch (IOException e) {
                before = -1; // killed, or not there yet
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static long termAsLeader(JsonNode state) {
        boolean leads = state.path("role").asText().equals("leader")
                && state.path("leader").equals(state.path("nodeId"));
        return leads ? state.path("term").asLong() : -1;
    }

    void awaitLeaderSince(long term) {
        await("a leader of term " + term + " or of a later one is seen")
                .atMost(Nodes.LIMIT)
                .until(() -> leaders.keySet().stream().anyMatch(seen -> seen >= term));
    }

    /** Who has led, by term. */
    Map<Long, Set<String>> leaders() {
        return new TreeMap<>(leaders);
    }

    @Override
    public void end() {
        ended = true;
        readers.forEach(Thread::interrupt);
    }

    @Override
    public String lastWords() {
        return "leaders by term: " + leaders();
    }
}
