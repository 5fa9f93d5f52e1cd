package io.groupmembership.protocol.lease;

/**
 * What a monitor may say of a member that it confirms: the other side of {@link MemberLease}.
 *
 * <p>The rule: the monitor waits L from receiving each ack, whether or not the confirmation arrived, and with several
 * the latest deadline counts. One that takes a member over from another monitor waits A(1+d) + Lmax from then: for A,
 * which is the lease of the node before, the other may still have been confirming without knowing better, and what it
 * granted last runs for Lmax, the longest L that this incarnation was ever given.
 *
 * <p>Once it has sent a suspicion, or was told to revoke, it confirms nothing more under this epoch; only a new
 * epoch, which is a new object, takes that back.
 *
 * <p>Invariant: the end never goes back. Not thread-safe.
 */
public class GrantedLease {
    private boolean granted;
    private long endNanos;
    private boolean promised;

    /** For a member that nobody has ever confirmed under this incarnation. */
    public GrantedLease() {}

    /**
     * For a member that another monitor had.
     *
     * @param takenOverNanos when the change of monitors was applied here
     * @param nodeLeaseNanos A
     * @param longestNanos Lmax
     */
    public GrantedLease(long takenOverNanos, long nodeLeaseNanos, long longestNanos, Drift drift) {
        granted = true;
        endNanos = takenOverNanos + drift.waited(nodeLeaseNanos) + longestNanos;
    }

    /**
     * An authentic ack arrived.
     *
     * @param termNanos L
     * @return whether to confirm it, with that L
     */
    public boolean acked(long nowNanos, long termNanos) {
        if (promised) {
            return false;
        }
        long end = nowNanos + termNanos;
        if (!granted || end - endNanos > 0) {
            endNanos = end;
            granted = true;
        }
        return true;
    }

    /** From now on nothing is confirmed. */
    public void promise() {
        promised = true;
    }

    public boolean isPromised() {
        return promised;
    }

    /**
     * When the member has surely stopped believing.
     *
     * @param otherwise the answer where nothing was ever granted
     */
    public long endNanos(long otherwise) {
        return granted ? endNanos : otherwise;
    }

    /** Whether the member has surely stopped believing. */
    public boolean isOver(long nowNanos) {
        return !granted || nowNanos - endNanos >= 0;
    }
}
