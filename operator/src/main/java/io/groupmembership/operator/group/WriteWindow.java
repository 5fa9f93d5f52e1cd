package io.groupmembership.operator.group;

/**
 * Lets so many writes begin within any second, whoever asks: all clusters share one. Time is in nanoseconds from any
 * origin, the same for all.
 */
final class WriteWindow {
    private static final long SECOND = 1_000_000_000L;

    /** When the last so many writes began; the oldest at {@code oldest}. */
    private final long[] begun;

    private int oldest;
    private int count;

    WriteWindow(int perSecond) {
        this.begun = new long[perSecond];
    }

    /** Takes a place; false where there is none before {@link #opensAt}. */
    synchronized boolean begin(long now) {
        if (opensAt() > now) {
            return false;
        }
        begun[oldest] = now;
        oldest = (oldest + 1) % begun.length;
        count = Math.min(count + 1, begun.length);
        return true;
    }

    synchronized long opensAt() {
        return count < begun.length ? Long.MIN_VALUE : begun[oldest] + SECOND;
    }
}
