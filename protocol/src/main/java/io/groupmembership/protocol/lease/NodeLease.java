package io.groupmembership.protocol.lease;

/**
 * For how long a node may confirm members: while it is surely one of the nodes that the others count on.
 *
 * <p>The rule: the node makes a random number, and the leader has it agreed on. A node that applies its own number
 * knows that, when it <em>made</em> it, the cluster had not given its members to others; so it may confirm for A from
 * that moment. Counted from applying, a node that lags would believe too long. Whoever takes its members over waits A
 * as well, and longer.
 *
 * <p>A number that the node does not remember was made before it started: it counts for nothing.
 *
 * <p>Invariant: the end never goes back. Not thread-safe.
 */
public class NodeLease {
    /** Of those that were not agreed on; at two a second these are older than any A. */
    private static final int REMEMBERED = 64;

    private final long termNanos;
    private final long[] numbers = new long[REMEMBERED];
    private final long[] madeNanos = new long[REMEMBERED];
    private int made;
    private boolean held;
    private long endNanos;

    /** @param termNanos A */
    public NodeLease(long termNanos) {
        this.termNanos = termNanos;
    }

    /** Remembers a number that was made now. */
    public void make(long number, long nowNanos) {
        numbers[made % REMEMBERED] = number;
        madeNanos[made % REMEMBERED] = nowNanos;
        made++;
    }

    /** A number for this node was applied; false where this process has not made it, or long ago. */
    public boolean applied(long number) {
        for (int i = 0; i < Math.min(made, REMEMBERED); i++) {
            if (numbers[i] == number) {
                extend(madeNanos[i] + termNanos);
                return true;
            }
        }
        return false;
    }

    private void extend(long end) {
        if (!held || end - endNanos > 0) {
            endNanos = end;
            held = true;
        }
    }

    public boolean isHeld(long nowNanos) {
        return held && endNanos - nowNanos > 0;
    }
}
