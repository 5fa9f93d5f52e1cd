package io.groupmembership.protocol.lease;

/**
 * How far the rates of two clocks may be apart: one shows at most {@code 1 + perMille/1000} times what the other shows.
 * Whoever holds a lease counts it shorter by that, and whoever waits out a term that was measured elsewhere counts it
 * longer, so the holder is always through first.
 *
 * @param perMille 0 to 1000
 */
public record Drift(int perMille) {
    /** Covers two clocks that are slewed in opposite directions as fast as chrony does it by default. */
    public static final Drift BOUND = new Drift(200);

    private static final int WHOLE = 1_000;

    public Drift {
        if (perMille < 0 || perMille > WHOLE) {
            throw new IllegalArgumentException("perMille must be 0 to 1000, not " + perMille);
        }
    }

    /** How much of a term its holder may count on, by the holder's own clock. */
    public long held(long termNanos) {
        return Math.multiplyExact(termNanos, WHOLE) / (WHOLE + perMille);
    }

    /** How long to wait, by one's own clock, until a term that another clock measures is surely over. */
    public long waited(long termNanos) {
        return Math.ceilDiv(Math.multiplyExact(termNanos, WHOLE + perMille), WHOLE);
    }
}
