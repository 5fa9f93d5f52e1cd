package io.groupmembership.node.monitor;

/** What the event loop gives turns to. */
abstract class Timed {
    /** There is no next turn. */
    static final long NEVER = Long.MAX_VALUE;

    /** Its timer in the wheel; {@value #NO_TIMER} while it has none. */
    long timerId = NO_TIMER;

    static final long NO_TIMER = Long.MIN_VALUE;

    /** Does what is to be done now, and returns when the next turn is, in nanoseconds of the clock, or {@link #NEVER}. */
    abstract long take(long nowNanos);
}
