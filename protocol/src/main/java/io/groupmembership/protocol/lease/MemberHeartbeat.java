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
 * <p>An ack that is not confirmed is sent again, as a new one, {@value #MOST_REPEATS} times, with as much time between
 * as the ping says: the ack or its confirmation may have been lost, and the next round is an interval away.
 *
 * <p>Invariant: an incarnation is adopted only if it is greater than any that was held. Not thread-safe.
 */
public class MemberHeartbeat {
    /** No answer. */
    public static final long NONE = 0;

    private static final int MOST_REPEATS = 3;

    private final Drift drift;
    private long incarnation;
    private MemberLease lease;
    private boolean ended;
    private long acks;
    private long firstAckNanos;
    private long repeatNanos;
    private long repeatDueNanos;
    private int repeatsLeft;

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
        begin();
        return true;
    }

    /** The one that is held, 0 before the first. */
    public long incarnation() {
        return incarnation;
    }

    /** Nothing is answered or believed until the next incarnation is adopted. */
    public void end() {
        begin();
        ended = true;
    }

    private void begin() {
        lease = new MemberLease(drift);
        repeatsLeft = 0;
    }

    /**
     * Returns the number of the ack to send, or {@link #NONE}.
     *
     * @param repeatAfterNanos after how long without a confirmation the ack is sent again; 0 for never
     */
    public long pinged(long pingedIncarnation, int epoch, long sequence, long repeatAfterNanos, long nowNanos) {
        if (!holds(pingedIncarnation) || !lease.isNews(epoch, sequence)) {
            return NONE;
        }
        firstAckNanos = nowNanos;
        repeatNanos = repeatAfterNanos;
        repeatDueNanos = nowNanos + repeatAfterNanos;
        repeatsLeft = repeatAfterNanos > 0 ? MOST_REPEATS : 0;
        return ++acks;
    }

    /** Whether the last ack is to be sent again at {@link #repeatDueNanos}, if it is not confirmed before. */
    public boolean awaitsConfirmation() {
        return repeatsLeft > 0;
    }

    public long repeatDueNanos() {
        return repeatDueNanos;
    }

    /** Returns the number of the ack that is to be sent now in place of the last one, or {@link #NONE}. */
    public long repeated(long nowNanos) {
        if (repeatsLeft == 0 || nowNanos - repeatDueNanos < 0) {
            return NONE;
        }
        repeatsLeft--;
        repeatDueNanos = nowNanos + repeatNanos;
        return ++acks;
    }

    /** Returns the number of the answer to send, or {@link #NONE}. */
    public long probed(long probedIncarnation) {
        return holds(probedIncarnation) ? ++acks : NONE;
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
        if (!holds(confirmedIncarnation) || !lease.isNews(epoch, sequence)) {
            return false;
        }
        lease.confirm(ackSentNanos, grantedNanos, nowNanos);
        if (ackSentNanos - firstAckNanos >= 0) {
            repeatsLeft = 0;
        }
        return true;
    }

    /** Whether this is the incarnation that is held, and has not been ended. */
    public boolean holds(long other) {
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
