package io.groupmembership.node.monitor;

import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2ObjectHashMap;

/** Whose turn is next. It belongs to the event loop. */
final class Wheel {
    /** The grain of time: pings of one tick go out together, so the loop wakes up 120 times a second and no oftener. */
    static final long TICK_NANOS = 1L << 23;

    private static final int TICKS_PER_WHEEL = 1 << 10;

    private final DeadlineTimerWheel wheel;
    private final Long2ObjectHashMap<Timed> byTimer = new Long2ObjectHashMap<>();

    Wheel(long nowNanos) {
        this.wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, nowNanos, TICK_NANOS, TICKS_PER_WHEEL);
    }

    /** When the tick under way is over, in nanoseconds of the clock. */
    long tickEndNanos() {
        return wheel.currentTickTime();
    }

    boolean isEmpty() {
        return wheel.timerCount() == 0;
    }

    /** Sets the time of the next turn, in the place of any that was set before. */
    void set(Timed timed, long deadlineNanos) {
        cancel(timed);
        timed.timerId = wheel.scheduleTimer(deadlineNanos);
        byTimer.put(timed.timerId, timed);
    }

    void cancel(Timed timed) {
        if (timed.timerId != Timed.NO_TIMER) {
            byTimer.remove(timed.timerId);
            wheel.cancelTimer(timed.timerId);
            timed.timerId = Timed.NO_TIMER;
        }
    }

    /**
     * Gives those whose time has come their turn.
     *
     * @param most turns to give now; the others come late, next time
     * @return whether some are left for the next time
     */
    boolean takeTurns(int most, long nowNanos) {
        if (isEmpty()) {
            wheel.currentTickTime(nowNanos);
            return false;
        }
        int left = most;
        while (left > 0) {
            int expired = wheel.poll(nowNanos, (unit, now, timerId) -> expired(timerId, now), left);
            left -= expired;
            if (expired == 0 && nowNanos < wheel.currentTickTime()) {
                return false;
            }
        }
        return true;
    }

    private boolean expired(long timerId, long nowNanos) {
        Timed timed = byTimer.remove(timerId);
        if (timed == null) {
            return true;
        }
        timed.timerId = Timed.NO_TIMER;
        // Set again even where the turn ends by an exception: what has no timer would never be looked at again.
        long nextNanos = nowNanos + TICK_NANOS;
        try {
            nextNanos = timed.take(nowNanos);
        } finally {
            if (nextNanos != Timed.NEVER) {
                set(timed, Math.max(nowNanos + TICK_NANOS, nextNanos));
            }
        }
        return true;
    }
}
