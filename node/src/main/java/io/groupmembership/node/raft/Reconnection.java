package io.groupmembership.node.raft;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Makes fresh connections of a client where one has failed: left alone it waits ever longer before it tries again, and
 * misses a node that came back at once. At most one for each node in {@value #AGAIN_MILLIS} ms.
 */
final class Reconnection {
    private static final long AGAIN_MILLIS = 200;

    private final RaftClient client;
    private final Map<RaftPeerId, Long> lastNanos = new ConcurrentHashMap<>();

    Reconnection(RaftClient client) {
        this.client = client;
    }

    /** Returns at once. */
    void failed(RaftPeerId peer, Throwable cause) {
        long now = System.nanoTime();
        Long due = lastNanos.merge(
                peer, now, (last, news) -> news - last < TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS) ? last : news);
        if (due == now) {
            // closing the old connection waits for its end, for seconds where the other side is silent
            Thread.startVirtualThread(() -> client.getClientRpc().handleException(peer, cause, true));
        }
    }
}
