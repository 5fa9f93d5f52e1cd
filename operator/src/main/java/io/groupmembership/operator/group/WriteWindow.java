package io.groupmembership.operator.group;

import org.jspecify.annotations.Nullable;

/**
 * Lets so many writes begin within any second, whoever asks. A part of it lets fewer of one kind begin, so that some are
 * left for the others. Time is in nanoseconds from any origin, the same for all.
 */
final class WriteWindow {
    private static final long SECOND = 1_000_000_000L;

    /** When the last so many writes began; the oldest at {@code oldest}. */
    private final long[] begun;

    private final @Nullable WriteWindow whole;
    private int oldest;
    private int count;

    WriteWindow(int perSecond) {
        this(perSecond, null);
    }

    private WriteWindow(int perSecond, @Nullable WriteWindow whole) {
        this.begun = new long[perSecond];
        this.whole = whole;
    }

    /** A window whose writes count in this one too. */
    WriteWindow part(int perSecond) {
        return new WriteWindow(perSecond, this);
    }

    /** Takes a place; false where there is none before {@link #opensAt}. */
    synchronized boolean begin(long now) {
        if (ownOpensAt() > now || (whole != null && !whole.begin(now))) {
            return false;
        }
        begun[oldest] = now;
        oldest = (oldest + 1) % begun.length;
        count = Math.min(count + 1, begun.length);
        return true;
    }

    synchronized long opensAt() {
        return whole == null ? ownOpensAt() : Math.max(ownOpensAt(), whole.opensAt());
    }

    private long ownOpensAt() {
        return count < begun.length ? Long.MIN_VALUE : begun[oldest] + SECOND;
    }
}
