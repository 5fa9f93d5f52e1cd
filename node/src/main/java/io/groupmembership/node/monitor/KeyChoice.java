package io.groupmembership.node.monitor;

import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of its keys a member is spoken to with: the one that it answered last, and as long as it does not answer each in
 * turn, the one in use first. So a secret that is changed fences nobody who was not told the new key yet: a ping is
 * repeated within its round.
 */
final class KeyChoice {
    private final List<HeartbeatKey> keys;
    private int chosen;
    private boolean unanswered;

    /** @param keys the one in use first */
    KeyChoice(List<HeartbeatKey> keys) {
        this.keys = keys;
    }

    /** For the next ping or probe, which counts as sent. */
    HeartbeatKey next() {
        if (unanswered) {
            chosen = (chosen + 1) % keys.size();
        }
        unanswered = true;
        return keys.get(chosen);
    }

    /** For what is no question. */
    HeartbeatKey chosen() {
        return keys.get(chosen);
    }

    /** That of an answer; null where it is none of the member's. */
    @Nullable HeartbeatKey find(int keyId) {
        for (HeartbeatKey key : keys) {
            if (key.id() == keyId) {
                return key;
            }
        }
        return null;
    }

    /** An authentic answer has come under this key. */
    void answered(HeartbeatKey key) {
        chosen = keys.indexOf(key);
        unanswered = false;
    }
}
