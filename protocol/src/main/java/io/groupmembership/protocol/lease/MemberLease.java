package io.groupmembership.protocol.lease;

/**
 * What a member may believe of one incarnation.
 *
 * <p>The rule: a confirmation says that an ack arrived, and grants L. The member believes for L/(1+d) from the moment
 * it <em>sent</em> that ack. The monitor waits L from the moment it <em>received</em> it, which is later; so the member
 * has stopped believing before the monitor may say that it is gone, however long datagrams travel. Nothing else extends
 * the lease: not a ping, not the answer to the join, not the arrival of the confirmation. Belief begins with the first
 * confirmation.
 *
 * <p>Datagrams are ordered by assignment epoch, then by sequence: what is not newer than the newest has no effect, so
 * neither a duplicate nor a monitor that was replaced extends anything.
 *
 * <p>Invariant: the deadline never goes back. Not thread-safe.
 */
public class MemberLease {
    private final Drift drift;
    private int epoch = -1;
    private long sequence = -1;
    private boolean confirmed;
    private long deadlineNanos;

    public MemberLease(Drift drift) {
        this.drift = drift;
    }

    /** Takes note of an authentic datagram; false where it is not newer than what came before, and has no effect. */
    public boolean isNews(int datagramEpoch, long datagramSequence) {
        if (datagramEpoch < epoch || (datagramEpoch == epoch && datagramSequence <= sequence)) {
            return false;
        }
        epoch = datagramEpoch;
        sequence = datagramSequence;
        return true;
    }

    /**
     * An ack was confirmed, by a datagram that was news.
     *
     * @param ackSentNanos when this process sent the ack, by its own clock
     * @param grantedNanos L
     */
    public void confirm(long ackSentNanos, long grantedNanos, long nowNanos) {
        if (ackSentNanos - nowNanos > 0) {
            return;
        }
        long end = ackSentNanos + drift.held(grantedNanos);
        if (!confirmed || end - deadlineNanos > 0) {
            deadlineNanos = end;
            confirmed = true;
        }
    }

    /** Whether the member may act as one. */
    public boolean isValid(long nowNanos) {
        return confirmed && deadlineNanos - nowNanos > 0;
    }

    /** For how long it may; not positive where it may not. */
    public long leftNanos(long nowNanos) {
        return confirmed ? deadlineNanos - nowNanos : 0;
    }
}
