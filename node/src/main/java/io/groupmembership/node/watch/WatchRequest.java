package io.groupmembership.node.watch;

import io.groupmembership.node.api.Problems;
import java.util.Optional;

/** Where a stream begins. */
final class WatchRequest {
    static final String LAST_EVENT_ID = "Last-Event-ID";

    /** The position of a watcher that has nothing yet. */
    static final long NOTHING = -1;

    private static final int MOST_DIGITS = 18;

    private WatchRequest() {}

    /**
     * The number of the last event that the client has, {@link #NOTHING} where it has none; a number that is larger
     * than any is as good as the largest. A problem that names the header where it is no number.
     */
    static long position(Optional<String> lastEventId) {
        if (lastEventId.isEmpty()) {
            return NOTHING;
        }
        String text = lastEventId.get().strip();
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Problems.invalidHeader(LAST_EVENT_ID, "must be the id of an event of this stream, a number");
        }
        return text.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(text);
    }

    /** Whether a stream is asked for; a problem that names the parameter where it is neither true nor false. */
    static boolean isWatch(String watch) {
        return switch (watch) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Problems.invalidParameter("watch", "must be true or false");
        };
    }
}
