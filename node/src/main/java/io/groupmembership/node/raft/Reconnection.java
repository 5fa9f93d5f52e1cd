package io.groupmembership.node.raft;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Makes fresh connections of a client where one has failed: left alone it waits ever longer before it tries again, and
 * misses a node that came back at once. What was sent before the newest connection was made says nothing against it: its
 * failure may be the end of the one before.
 */
final class Reconnection {
    /** Until the old connection is closed, what is sent may still go by it. */
    private static final long CLOSING_NANOS = 300_000_000;

    private final RaftClient client;
    private final Map<RaftPeerId, Long> renewedNanos = new ConcurrentHashMap<>();

    Reconnection(RaftClient client) {
        this.client = client;
    }

    /**
     * Returns at once.
     *
     * @param sentNanos when what failed was sent, by {@link System#nanoTime}
     */
    void failed(RaftPeerId peer, long sentNanos, Throwable cause) {
        long now = System.nanoTime();
        boolean[] renews = {false};
        renewedNanos.compute(peer, (key, last) -> {
            renews[0] = last == null || sentNanos - last > CLOSING_NANOS;
            return renews[0] ? (Long) now : last;
        });
        if (renews[0]) {
            // closing the old connection waits for its end, for seconds where the other side is silent
            Thread.startVirtualThread(() -> client.getClientRpc().handleException(peer, cause, true));
        }
    }
}
