package io.groupmembership.node.watch;

import io.groupmembership.node.api.EncodedBody;
import java.util.List;

/** A {@link CatchUpDecision} as it is written. */
sealed interface CatchUpAnswer {
    /**
     * @param complete whether a watcher that got them all is at the head; else there is more to fetch
     * @param head what was newest when the history was read
     */
    record Frames(List<Frame> frames, boolean complete, long head) implements CatchUpAnswer {}

    /**
     * A whole view, or all of them.
     *
     * @param before the part of the event before the body, empty where the body has whole events
     */
    record Anew(boolean reset, String before, EncodedBody body, String behind, long head) implements CatchUpAnswer {}

    /** It could not be had. */
    record Failed(Throwable reason) implements CatchUpAnswer {}
}
