package io.groupmembership.protocol.lease;

/**
 * The member's side of the heartbeat: which datagrams it answers, and what they do to its lease. It sees authentic
 * datagrams only, and one object lives as long as the member's process.
 *
 * <p>The rule: a ping or a confirmation counts where it is for the incarnation that this process holds and is newer
 * than everything before, by assignment epoch and then by sequence. A probe, which comes from any node that is not the
 * monitor, is answered and extends nothing, so probes have no order. Acks are numbered by one counter for the whole
 * process, so that an old ack is never taken for a new one, whichever incarnation or epoch it was for.
 *
 * <p>Invariant: an incarnation is adopted only if it is greater than any that was held. Not thread-safe.
 */
public class MemberHeartbeat {
    /** No answer. */
    public static final long NONE = 0;

    private final Drift drift;
    private long incarnation;
    private MemberLease lease;
    private boolean ended;
    private long acks;

    public MemberHeartbeat(Drift drift) {
        this.drift = drift;
        this.lease = new MemberLease(drift);
    }

    /** From now on this incarnation is the one that is held; false where a greater or the same one was already. */
    public boolean adopt(long newIncarnation) {
        if (newIncarnation <= incarnation) {
            return false;
        }
        incarnation = newIncarnation;
        ended = false;
        lease = new MemberLease(drift);
        return true;
    }

    /** The one that is held, 0 before the first. */
    public long incarnation() {
        return incarnation;
    }

    /** Nothing is answered or believed until the next incarnation is adopted. */
    public void end() {
        lease = new MemberLease(drift);
        ended = true;
    }

    /** Returns the number of the ack to send, or {@link #NONE}. */
    public long pinged(long pingedIncarnation, int epoch, long sequence, long nowNanos) {
        return isMine(pingedIncarnation) && lease.isNews(epoch, sequence) ? ++acks : NONE;
    }

    /** Returns the number of the answer to send, or {@link #NONE}. */
    public long probed(long probedIncarnation) {
        return isMine(probedIncarnation) ? ++acks : NONE;
    }

    /**
     * An ack was confirmed.
     *
     * @param ackSentNanos when this process sent it, by its own clock: the confirmation repeats what the ack said
     * @param grantedNanos L
     * @return whether the confirmation counted
     */
    public boolean confirmed(
            long confirmedIncarnation, int epoch, long sequence, long ackSentNanos, long grantedNanos, long nowNanos) {
        if (!isMine(confirmedIncarnation) || !lease.isNews(epoch, sequence)) {
            return false;
        }
        lease.confirm(ackSentNanos, grantedNanos, nowNanos);
        return true;
    }

    private boolean isMine(long other) {
        return !ended && incarnation != 0 && other == incarnation;
    }

    /** Whether the member may act as one. */
    public boolean isValid(long nowNanos) {
        return lease.isValid(nowNanos);
    }

    /** For how long it may; not positive where it may not. */
    public long leftNanos(long nowNanos) {
        return lease.leftNanos(nowNanos);
    }
}
