package io.groupmembership.operator.group.follow;

import java.time.Duration;

/**
 * How long to wait before the next node is asked for its stream: not at all after a stream that served, then twice as
 * long with each failure up to 5 s. After a contradiction 1 s up to 60 s: to begin anew costs the nodes a view of
 * everything. Up to a fifth is taken off at random, so that several operators don't come at once.
 */
final class ReconnectDelay {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration FIRST_ANEW = Duration.ofSeconds(1);
    private static final Duration LONGEST_ANEW = Duration.ofSeconds(60);
    private static final int MOST_DOUBLINGS = 10;

    private ReconnectDelay() {}

    /**
     * @param failures in a row, 0 after a stream that served
     * @param contradictions in a row
     * @param random 0 to 1
     */
    static Duration of(int failures, int contradictions, double random) {
        Duration whole = contradictions > 0
                ? doubled(FIRST_ANEW, contradictions - 1, LONGEST_ANEW)
                : failures == 0 ? Duration.ZERO : doubled(FIRST, failures - 1, LONGEST);
        return Duration.ofNanos((long) (whole.toNanos() * (1 - random / 5)));
    }

    private static Duration doubled(Duration first, int times, Duration most) {
        Duration delay = first.multipliedBy(1L << Math.min(times, MOST_DOUBLINGS));
        return delay.compareTo(most) > 0 ? most : delay;
    }
}
