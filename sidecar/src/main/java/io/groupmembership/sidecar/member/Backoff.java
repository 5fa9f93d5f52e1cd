package io.groupmembership.sidecar.member;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with full jitter: the n-th wait is drawn evenly between nothing and {@code base * 2^n}, at most
 * {@code most}. Agents that failed together thereby come back spread out.
 *
 * <p>See "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. Used by one thread.
 */
public final class Backoff {
    private static final int MOST_DOUBLINGS = 30;

    private final long baseNanos;
    private final long mostNanos;
    private final RandomGenerator random;
    private int failures;

    public Backoff(Duration base, Duration most, RandomGenerator random) {
        this.baseNanos = base.toNanos();
        this.mostNanos = most.toNanos();
        this.random = random;
    }

    /** How long to wait after one more failure. */
    public Duration next() {
        long doubled = baseNanos << Math.min(failures, MOST_DOUBLINGS);
        boolean overflown = doubled >> Math.min(failures, MOST_DOUBLINGS) != baseNanos;
        long ceiling = overflown ? mostNanos : Math.min(doubled, mostNanos);
        failures++;
        return Duration.ofNanos(random.nextLong(ceiling + 1));
    }

    /** Begins anew, after a success. */
    public void reset() {
        failures = 0;
    }
}
