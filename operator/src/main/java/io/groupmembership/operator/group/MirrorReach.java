package io.groupmembership.operator.group;

import io.groupmembership.operator.group.GroupFacts.Reach;
import java.time.Duration;

/**
 * Whether the nodes can be read. An interruption is told to nobody before it has lasted: nodes elect a leader, and are
 * replaced one by one. Times are nanoseconds from any origin.
 */
final class MirrorReach {
    static final Duration LOST_AFTER = Duration.ofSeconds(30);

    private boolean connected;
    private long sinceNanos;

    /** At the start there is no connection. */
    MirrorReach(long now) {
        this.sinceNanos = now;
    }

    synchronized void connection(boolean there, long now) {
        if (connected != there) {
            connected = there;
            sinceNanos = now;
        }
    }

    synchronized Reach at(long now) {
        if (connected) {
            return Reach.CONNECTED;
        }
        return now - sinceNanos >= LOST_AFTER.toNanos() ? Reach.LOST : Reach.INTERRUPTED;
    }
}
