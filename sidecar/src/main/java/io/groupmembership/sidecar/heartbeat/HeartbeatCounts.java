package io.groupmembership.sidecar.heartbeat;

import java.util.EnumMap;
import java.util.Map;

/** What became of the datagrams that came in. Thread-safe. */
public final class HeartbeatCounts {
    /** The fate of one datagram. */
    public enum Fate {
        /** Answered: a ping or a probe. */
        ANSWERED,
        /** A confirmation that counted. */
        CONFIRMED,
        /** Another length, version or type. */
        MALFORMED,
        /** For another member or incarnation, or of a type that only members send. */
        STRANGE,
        /** Under a key that this member does not have. */
        UNKNOWN_KEY,
        /** The seal is not authentic. */
        FORGED,
        /** Authentic, and not newer than what came before. */
        STALE
    }

    private final Map<Fate, Long> counts = new EnumMap<>(Fate.class);

    synchronized void add(Fate fate) {
        counts.merge(fate, 1L, Long::sum);
    }

    public synchronized long of(Fate fate) {
        return counts.getOrDefault(fate, 0L);
    }
}
