package io.groupmembership.sidecar.heartbeat;

import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import org.jspecify.annotations.Nullable;

/** The keys of one incarnation: the one that was told last, and the one before, which nodes may still speak with. */
final class HeartbeatKeys {
    private @Nullable HeartbeatKey latest;
    private @Nullable HeartbeatKey before;

    void add(HeartbeatKey key) {
        if (latest == null || latest.id() != key.id()) {
            before = latest;
        }
        latest = key;
    }

    @Nullable HeartbeatKey find(int id) {
        if (latest != null && latest.id() == id) {
            return latest;
        }
        return before != null && before.id() == id ? before : null;
    }

    void clear() {
        latest = null;
        before = null;
    }
}
