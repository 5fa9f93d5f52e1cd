package io.groupmembership.membership.simulation;

/** The clock of one machine: it runs a little fast or slow, begins anywhere, and is never set. */
final class Clock {
    private final long offsetNanos;
    private final double rate;
    private final boolean stops;
    private long suspendedNanos;

    /** @param stops whether it stands still while the machine is suspended, which the real one does not */
    Clock(long offsetNanos, double rate, boolean stops) {
        this.offsetNanos = offsetNanos;
        this.rate = rate;
        this.stops = stops;
    }

    long at(long trueNanos) {
        return offsetNanos + (long) ((trueNanos - suspendedNanos) * rate);
    }

    /** When this clock shows that, or a little later. */
    long trueTimeOf(long shownNanos) {
        return (long) ((shownNanos - offsetNanos) / rate) + suspendedNanos + 1;
    }

    void suspendedFor(long trueNanos) {
        if (stops) {
            suspendedNanos += trueNanos;
        }
    }
}
