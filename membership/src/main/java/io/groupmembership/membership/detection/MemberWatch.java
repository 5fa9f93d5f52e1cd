package io.groupmembership.membership.detection;

import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.protocol.lease.GrantedLease;

/**
 * One member under one assignment epoch, as its monitor sees it.
 *
 * <p>The rule. A watch pings as {@link PingRounds} says: at once, so that a new member need not wait for its first lease,
 * nor one whose monitor has died for its next, and then every interval. The member is suspected when its lease is over,
 * the last ack is as old as the policy wants, and every round in between was missed.
 *
 * <p>An ack is confirmed at once, by a monitor that holds a node lease and has not promised to confirm nothing more.
 *
 * <p>Invariants: pings and confirmations have one growing sequence; acks count in the order of the member's own numbers.
 * Not thread-safe.
 */
public final class MemberWatch {
    /** After how long a suspicion whose outcome was not applied is told again. */
    static final long REPEAT_NANOS = 1_000_000_000;

    /** What a turn asks for, as bits. */
    static final int PING = 1;

    static final int ROUND_MISSED = 2;
    static final int LEASE_OVER = 4;
    static final int TOO_LATE = 8;

    private final Charge charge;
    private final GrantedLease lease;
    private final long begunNanos;
    private final PeerFindings peers = new PeerFindings();
    private final PingRounds rounds;
    private GroupPolicy policy;
    private long leaseNanos;
    private long dueNanos;

    private long sequence;
    private long ackSequence;
    private boolean heard;
    private long ackNanos;

    private LeaveReason reason = LeaveReason.CRASHED;
    private boolean revoked;
    private boolean suspected;
    private boolean retracted;

    /** @param firstNanos when the first round begins */
    MemberWatch(Charge charge, GrantedLease lease, long nowNanos, long firstNanos) {
        this.charge = charge;
        this.lease = lease;
        this.begunNanos = nowNanos;
        this.policy = charge.policy();
        this.rounds = new PingRounds(policy, nowNanos, firstNanos);
        setPolicy(policy);
        this.dueNanos = nowNanos;
        if (charge.member().revocation() != null) {
            revoke(charge.member().revocation().reason(), nowNanos);
        }
    }

    // ---- what it is about

    public Charge charge() {
        return charge;
    }

    public long incarnation() {
        return charge.incarnation();
    }

    public int epoch() {
        return charge.member().assignmentEpoch();
    }

    public GroupPolicy policy() {
        return policy;
    }

    PeerFindings peers() {
        return peers;
    }

    public long intervalNanos() {
        return rounds.intervalNanos();
    }

    /** How long after a ping the next one of its round goes out. */
    public long partNanos() {
        return rounds.partNanos();
    }

    /** When it wants its next turn. */
    public long dueNanos() {
        return dueNanos;
    }

    /** Rounds in a row that were missed. */
    public int missed() {
        return rounds.missed();
    }

    boolean everHeard() {
        return heard;
    }

    /** When the last ack came or, where there was none, when the watch began. */
    long lastAckNanos() {
        return heard ? ackNanos : begunNanos;
    }

    /** For how long the lease has been over; negative while it runs. */
    long leaseOverNanos(long nowNanos) {
        return nowNanos - lease.endNanos(begunNanos);
    }

    /** Holds for confirmations from now on; what was granted stays granted. */
    void setPolicy(GroupPolicy newPolicy) {
        policy = newPolicy;
        rounds.setPolicy(newPolicy);
        leaseNanos = rounds.intervalNanos() * newPolicy.misses();
    }

    // ---- turns

    /**
     * Does what is due.
     *
     * @param unread whether acks may have come in that were not read yet
     * @return what is to be done, as bits
     */
    int turn(long nowNanos, boolean unread) {
        int wanted = rounds.turn(nowNanos, unread);
        if (isOver(nowNanos)) {
            wanted |= LEASE_OVER;
        }
        dueNanos = nextDue(nowNanos);
        return wanted;
    }

    /** This node may not ping now: as {@link PingRounds#idle} says. */
    void idle(long nowNanos) {
        if (nowNanos - dueNanos >= 0) {
            rounds.idle(nowNanos);
            dueNanos = rounds.stepNanos();
        }
    }

    private long nextDue(long nowNanos) {
        long next = rounds.stepNanos();
        long overNanos = overNanos();
        if (overNanos - nowNanos > 0) {
            next = earlier(next, overNanos);
        }
        return suspected ? earlier(next, nowNanos + REPEAT_NANOS) : next;
    }

    static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    /** When silence, or a revocation, comes to its end. */
    private long overNanos() {
        long endNanos = lease.endNanos(begunNanos);
        if (revoked) {
            return endNanos;
        }
        long silentNanos = lastAckNanos() + leaseNanos;
        return endNanos - silentNanos > 0 ? endNanos : silentNanos;
    }

    /**
     * Whether the answer of a node that was asked may still be on its way when silence has come to its end: a hand-over
     * costs more than to wait for it.
     */
    boolean mayHearOfPeers(long nowNanos) {
        return nowNanos - overNanos() < rounds.intervalNanos();
    }

    private boolean isOver(long nowNanos) {
        boolean proven = revoked || rounds.proveSilence();
        return (proven || suspected) && nowNanos - overNanos() >= 0;
    }

    /** The ping that was wanted could not leave: the round proves nothing. */
    public void unsent() {
        rounds.unsent();
    }

    /** The sequence of the next ping or confirmation. */
    public long nextSequence() {
        return ++sequence;
    }

    /** Whether the ping that goes out is a repetition. */
    boolean repeats() {
        return rounds.repeats();
    }

    // ---- acks

    /** Takes an authentic ack; false where it is of another epoch, or not newer than one before. */
    boolean acked(int ackEpoch, long newAckSequence, long nowNanos) {
        if (ackEpoch != epoch() || newAckSequence <= ackSequence) {
            return false;
        }
        ackSequence = newAckSequence;
        heard = true;
        ackNanos = nowNanos;
        rounds.answered();
        peers.forget();
        return true;
    }

    /**
     * Has an ack that was taken count for the lease.
     *
     * @param mayConfirm whether this node holds a lease of its own
     * @return L where the ack is to be confirmed, or 0
     */
    long grant(long nowNanos, boolean mayConfirm) {
        return lease.acked(nowNanos, leaseNanos) && mayConfirm ? leaseNanos : 0;
    }

    // ---- the end

    /** From now on nothing is confirmed, until there is a new epoch. */
    void suspect(long nowNanos) {
        lease.promise();
        suspected = true;
        dueNanos = earlier(dueNanos, nowNanos + REPEAT_NANOS);
    }

    boolean isSuspected() {
        return suspected;
    }

    boolean isPromised() {
        return lease.isPromised();
    }

    /** Nothing is confirmed from now on, and when the lease is over the member is gone, whether it answers or not. */
    void revoke(LeaveReason why, long nowNanos) {
        revoked = true;
        reason = why;
        lease.promise();
        dueNanos = overNanos() - nowNanos > 0 ? earlier(dueNanos, overNanos()) : nowNanos;
    }

    boolean isRevoked() {
        return revoked;
    }

    /** Crashed, or what it was revoked for. */
    LeaveReason reason() {
        return reason;
    }

    /** The member was heard of after it had been suspected. */
    void retract(long nowNanos) {
        retracted = true;
        dueNanos = nowNanos;
    }

    boolean isRetracted() {
        return retracted;
    }
}
