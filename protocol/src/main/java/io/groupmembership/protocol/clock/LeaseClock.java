package io.groupmembership.protocol.clock;

/** A clock for leases: nanoseconds since some moment, which nobody sets. Thread-safe. */
@FunctionalInterface
public interface LeaseClock {
    /** The longest that a moment may be overslept where the system has no sleep by this clock. */
    long LOOK_MILLIS = 50;

    long nanos();

    /**
     * Waits until this clock shows so much, or for some reason less long: who calls looks again. As no other wait counts
     * the time of a suspension, this one looks at the clock every now and then.
     */
    default void sleepUntil(long endNanos) throws InterruptedException {
        long left = endNanos - nanos();
        if (left > 0) {
            Thread.sleep(Math.min(LOOK_MILLIS, left / 1_000_000 + 1));
        }
    }
}
