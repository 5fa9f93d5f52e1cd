package io.groupmembership.membership.detection;

import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.protocol.lease.GrantedLease;

/**
 * One member under one assignment epoch, as its monitor sees it.
 *
 * <p>The rule. A watch begins with a ping at once, so that a new member need not wait for its first lease, nor one whose
 * monitor has died for its next. From then on a round begins every interval: a ping, repeated after each fifth of the
 * interval, three times, until one is acked; the round is missed where none was after the fourth fifth. The member is
 * suspected when its lease is over, the last ack is as old as the policy wants, and every round in between was missed.
 * A round in which the monitor itself was late, or had not read what had come in, proves nothing: the count starts anew.
 *
 * <p>An ack is confirmed at once, by a monitor that holds a node lease and has not promised to confirm nothing more.
 *
 * <p>Invariants: pings and confirmations have one growing sequence; acks count in the order of the member's own numbers;
 * the phase of the rounds stays what it was, so members that were spread stay spread after a pause. Not thread-safe.
 */
public final class MemberWatch {
    /** Pings of a round. A fifth of the interval lies behind each. */
    static final int PINGS = 4;

    static final int PARTS = 5;

    /** After how long a suspicion whose outcome was not applied is told again. */
    static final long REPEAT_NANOS = 1_000_000_000;

    /** What a turn asks for, as bits. */
    static final int PING = 1;

    static final int ROUND_MISSED = 2;
    static final int LEASE_OVER = 4;
    static final int TOO_LATE = 8;

    /** So many times the policy's misses are excused in a row: a monitor that is late for ever would never find out. */
    private static final int MOST_LATE = 3;

    private final Charge charge;
    private final GrantedLease lease;
    private final long begunNanos;
    private final PeerFindings peers = new PeerFindings();
    private GroupPolicy policy;
    private long intervalNanos;
    private long leaseNanos;

    private long roundNanos;
    private boolean inRounds;
    private int step;
    private long stepNanos;
    private long dueNanos;
    private boolean answered;
    private boolean late;
    private int missed;
    private int lateRounds;

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
        setPolicy(charge.policy());
        this.roundNanos = firstNanos;
        this.stepNanos = nowNanos;
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
        return intervalNanos;
    }

    /** How long after a ping the next one of its round goes out. */
    public long partNanos() {
        return intervalNanos / PARTS;
    }

    /** When it wants its next turn. */
    public long dueNanos() {
        return dueNanos;
    }

    /** Rounds in a row that were missed. */
    public int missed() {
        return missed;
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
        intervalNanos = Math.multiplyExact(newPolicy.intervalMillis(), 1_000_000L);
        leaseNanos = intervalNanos * newPolicy.misses();
    }

    // ---- turns

    /**
     * Does what is due.
     *
     * @param unread whether acks may have come in that were not read yet
     * @return what is to be done, as bits
     */
    int turn(long nowNanos, boolean unread) {
        int wanted = 0;
        if (nowNanos - stepNanos >= 0) {
            if (unread || nowNanos - stepNanos > partNanos()) {
                late = true;
            }
            wanted = step(nowNanos);
        }
        if (isOver(nowNanos)) {
            wanted |= LEASE_OVER;
        }
        dueNanos = nextDue(nowNanos);
        return wanted;
    }

    private int step(long nowNanos) {
        if (!inRounds) {
            return greet(nowNanos);
        }
        int wanted = 0;
        if (step == PINGS || (step > 0 && answered)) {
            wanted = endRound();
            beginRoundAfter(nowNanos);
            if (nowNanos - stepNanos < 0) {
                return wanted;
            }
        }
        if (step == 0) {
            answered = false;
            late = nowNanos - roundNanos > partNanos();
        }
        step++;
        stepNanos = roundNanos + step * partNanos();
        return wanted | PING;
    }

    /** A ping at once, and again after each part, until it is acked or the first round begins. */
    private int greet(long nowNanos) {
        if (answered || nowNanos - roundNanos >= 0) {
            inRounds = true;
            stepNanos = roundNanos;
            return nowNanos - stepNanos >= 0 ? step(nowNanos) : 0;
        }
        stepNanos = earlier(nowNanos + partNanos(), roundNanos);
        return PING;
    }

    private int endRound() {
        if (answered) {
            return 0;
        }
        if (late && lateRounds < MOST_LATE * policy.misses()) {
            missed = 0;
            lateRounds++;
            return lateRounds == policy.misses() ? TOO_LATE : 0;
        }
        missed++;
        return ROUND_MISSED;
    }

    /**
     * This node may not ping now. As soon as it may again it begins as a new watch does, with a ping at once, and goes on
     * with the rounds in their old phase; what was missed before says nothing.
     */
    void idle(long nowNanos) {
        if (nowNanos - dueNanos >= 0) {
            missed = 0;
            lateRounds = 0;
            step = 0;
            inRounds = false;
            answered = false;
            if (nowNanos - roundNanos >= 0) {
                roundNanos += (Math.floorDiv(nowNanos - roundNanos, intervalNanos) + 1) * intervalNanos;
            }
            stepNanos = earlier(nowNanos + partNanos(), roundNanos);
            dueNanos = stepNanos;
        }
    }

    private void beginRoundAfter(long nowNanos) {
        long periods = Math.max(1, Math.floorDiv(nowNanos - roundNanos, intervalNanos));
        roundNanos += periods * intervalNanos;
        step = 0;
        stepNanos = roundNanos;
    }

    private long nextDue(long nowNanos) {
        long next = stepNanos;
        long overNanos = overNanos();
        if (overNanos - nowNanos > 0) {
            next = earlier(next, overNanos);
        }
        return suspected ? earlier(next, nowNanos + REPEAT_NANOS) : next;
    }

    private static long earlier(long one, long other) {
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

    /** For how long silence has been at its end. */
    long overForNanos(long nowNanos) {
        return nowNanos - overNanos();
    }

    private boolean isOver(long nowNanos) {
        boolean proven = revoked || missed >= Math.max(1, policy.misses() - 1);
        return (proven || suspected) && nowNanos - overNanos() >= 0;
    }

    /** The ping that was wanted could not leave: the round proves nothing. */
    public void unsent() {
        late = true;
    }

    /** The sequence of the next ping or confirmation. */
    public long nextSequence() {
        return ++sequence;
    }

    /** Whether the ping that goes out is a repetition. */
    boolean repeats() {
        return step > 1;
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
        answered = true;
        missed = 0;
        lateRounds = 0;
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
    void suspect() {
        lease.promise();
        suspected = true;
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
