package io.groupmembership.node.monitor;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the event loop counts. Lag and answers are kept for the window of {@value #WINDOW_SECONDS} seconds under way and
 * for the one before it, so that a bad minute long ago says nothing about now. It belongs to the event loop.
 */
final class LoopMeter {
    private static final int WINDOW_SECONDS = 5;
    private static final long WINDOW_NANOS = Duration.ofSeconds(WINDOW_SECONDS).toNanos();

    long pingsSent;
    long misses;
    long reports;
    long malformed;
    long strayAcks;
    long forged;
    long confirmations;
    long probesSent;
    long lateTicks;
    long unsent;
    long sendFailures;
    long loopFailures;

    private long acks;
    private long windowStartNanos;
    private long windowAcks;
    private long windowLagNanos;
    private long previousAcks;
    private long previousLagNanos;

    LoopMeter(long nowNanos) {
        windowStartNanos = nowNanos;
    }

    /** Begins a new window where one is over. */
    void advance(long nowNanos) {
        long elapsedNanos = nowNanos - windowStartNanos;
        if (elapsedNanos >= WINDOW_NANOS) {
            boolean adjacent = elapsedNanos < 2 * WINDOW_NANOS;
            previousAcks = adjacent ? windowAcks : 0;
            previousLagNanos = adjacent ? windowLagNanos : 0;
            windowAcks = 0;
            windowLagNanos = 0;
            windowStartNanos = nowNanos;
        }
    }

    void ack() {
        acks++;
        windowAcks++;
    }

    void lag(long lagNanos) {
        windowLagNanos = Math.max(windowLagNanos, lagNanos);
    }

    private long maxLagMillis() {
        return TimeUnit.NANOSECONDS.toMillis(Math.max(windowLagNanos, previousLagNanos));
    }

    /** How well the monitor is running, for the evidence of a removal. */
    Map<String, Long> health(int monitored) {
        return Map.of(
                "loopLagMillis", maxLagMillis(), "membersMonitored", (long) monitored, "acksLastWindow", previousAcks);
    }

    MonitorStats stats(
            int monitored,
            int carriedByTcp,
            int openLines,
            int openConnections,
            int waitingConnections,
            long lookupFailures,
            boolean runs) {
        return new MonitorStats(
                monitored,
                carriedByTcp,
                openLines,
                pingsSent,
                acks,
                misses,
                reports,
                malformed,
                strayAcks,
                forged,
                confirmations,
                probesSent,
                lateTicks,
                unsent,
                sendFailures,
                openConnections,
                waitingConnections,
                lookupFailures,
                loopFailures,
                maxLagMillis(),
                runs);
    }
}
