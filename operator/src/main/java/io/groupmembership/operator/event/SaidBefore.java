package io.groupmembership.operator.event;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was said last of each object: the same is worth saying again after a while only, as events are not kept long. */
final class SaidBefore {
    static final Duration SAY_AGAIN_AFTER = Duration.ofMinutes(30);

    private static final int MOST_REMEMBERED = 10_000;

    private record Said(String what, Instant at) {}

    private final InstantSource clock;
    private final Map<String, Said> last = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Said> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    SaidBefore(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether this should be said now; then it counts as said. */
    synchronized boolean isNew(String uid, String what) {
        Instant now = clock.instant();
        Said before = last.get(uid);
        if (before != null && before.what.equals(what) && now.isBefore(before.at.plus(SAY_AGAIN_AFTER))) {
            return false;
        }
        last.put(uid, new Said(what, now));
        return true;
    }
}
