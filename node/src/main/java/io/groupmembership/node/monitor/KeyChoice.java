package io.groupmembership.node.monitor;

import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of its keys a member is spoken to with: the one that it answered last, and as long as it does not answer each in
 * turn, the one in use first. So a secret that is changed fences nobody who was not told the new key yet: a ping is
 * repeated within its round.
 */
final class KeyChoice {
    private List<HeartbeatKey> keys;
    private @Nullable ClusterSecrets secrets;
    private int chosen;
    private boolean unanswered;

    /** @param keys the one in use first */
    KeyChoice(List<HeartbeatKey> keys) {
        this.keys = keys;
    }

    /** Notes the secrets that its keys are of; false where they were of these before. */
    boolean madeOf(ClusterSecrets now) {
        boolean others = secrets == null || !secrets.equals(now);
        secrets = now;
        return others;
    }

    /** The keys of other secrets, the one in use first. Who answered is spoken to as before, where that key is left. */
    void become(List<HeartbeatKey> others) {
        int before = keys.isEmpty() ? 0 : keys.get(chosen).id();
        keys = others;
        chosen = Math.max(0, keys.stream().map(HeartbeatKey::id).toList().indexOf(before));
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
