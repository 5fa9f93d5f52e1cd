package io.groupmembership.operator.group.follow;

import java.time.Duration;

/**
 * When a stream is given up although its connection stands. Nodes write a comment every 15 s, so silence tells, but late:
 * the host of a node may be lost together with members, and what takes over for them must not wait. So the node is also
 * asked, every 2 s, for something that it answers only with a majority behind it. A node that is gone, that hangs, or that
 * is cut off from the others is left within 8 s for another one.
 */
final class StreamHealth {
    /** Three of the comments that nodes write. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(45);

    static final Duration ASK_EVERY = Duration.ofSeconds(2);
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    static final int MOST_FAILURES = 2;

    enum Verdict {
        GOOD,
        SILENT,
        UNANSWERED
    }

    private StreamHealth() {}

    /**
     * @param silentFor since when no byte has come
     * @param failures how many questions in a row had no good answer
     */
    static Verdict of(Duration silentFor, int failures) {
        if (failures >= MOST_FAILURES) {
            return Verdict.UNANSWERED;
        }
        return silentFor.compareTo(LONGEST_SILENCE) > 0 ? Verdict.SILENT : Verdict.GOOD;
    }
}
