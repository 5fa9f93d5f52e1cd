package io.groupmembership.membership.detection;

import io.groupmembership.membership.GroupPolicy;

/**
 * When a member is pinged, and which rounds it missed.
 *
 * <p>The rule. It begins with a ping at once, repeated after each fifth of the interval until it is acked or the first
 * round begins. From then on a round begins every interval: a ping, repeated after each fifth of the interval, three
 * times, until one is acked; the round is missed where none was after the fourth fifth. A round in which the monitor
 * itself was late, or had not read what had come in, proves nothing: the count starts anew.
 *
 * <p>A shorter interval holds at once; a longer one from the next ack on: until then the member has a lease by the
 * shorter one, and would be fenced for want of a ping.
 *
 * <p>Invariant: the phase of the rounds stays what it was, so members that were spread stay spread after a pause. Not
 * thread-safe.
 */
final class PingRounds {
    /** Pings of a round. A fifth of the interval lies behind each. */
    static final int PINGS = 4;

    static final int PARTS = 5;

    /** So many times the policy's misses are excused in a row: a monitor that is late for ever would never find out. */
    private static final int MOST_LATE = 3;

    private long intervalNanos;

    /** The time from one round to the next: the interval, or a shorter one until an ack came under this policy. */
    private long periodNanos;

    private int misses;
    private long roundNanos;
    private boolean inRounds;
    private int step;
    private long stepNanos;
    private boolean answered;
    private boolean late;
    private int missed;
    private int lateRounds;

    /** @param firstNanos when the first round begins */
    PingRounds(GroupPolicy policy, long nowNanos, long firstNanos) {
        this.periodNanos = Long.MAX_VALUE;
        setPolicy(policy);
        this.roundNanos = firstNanos;
        this.stepNanos = nowNanos;
    }

    void setPolicy(GroupPolicy policy) {
        intervalNanos = Math.multiplyExact(policy.intervalMillis(), 1_000_000L);
        periodNanos = Math.min(periodNanos, intervalNanos);
        misses = policy.misses();
    }

    long intervalNanos() {
        return intervalNanos;
    }

    /** The time from one ping of a round to the next. */
    long partNanos() {
        return periodNanos / PARTS;
    }

    /** When the next step is due. */
    long stepNanos() {
        return stepNanos;
    }

    int missed() {
        return missed;
    }

    /** Whether so many rounds were missed that, with the one that the lease ends in, the member is gone. */
    boolean proveSilence() {
        return missed >= Math.max(1, misses - 1);
    }

    /** Whether the ping that goes out is a repetition. */
    boolean repeats() {
        return step > 1;
    }

    /**
     * Does the step that is due, if one is.
     *
     * @param unread whether acks may have come in that were not read yet
     * @return {@link MemberWatch#PING}, {@link MemberWatch#ROUND_MISSED} and {@link MemberWatch#TOO_LATE}, as bits
     */
    int turn(long nowNanos, boolean unread) {
        if (nowNanos - stepNanos < 0) {
            return 0;
        }
        if (unread || nowNanos - stepNanos > partNanos()) {
            late = true;
        }
        return step(nowNanos);
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
        return wanted | MemberWatch.PING;
    }

    private int greet(long nowNanos) {
        if (answered || nowNanos - roundNanos >= 0) {
            inRounds = true;
            stepNanos = roundNanos;
            return nowNanos - stepNanos >= 0 ? step(nowNanos) : 0;
        }
        stepNanos = MemberWatch.earlier(nowNanos + partNanos(), roundNanos);
        return MemberWatch.PING;
    }

    private int endRound() {
        if (answered) {
            return 0;
        }
        if (late && lateRounds < MOST_LATE * misses) {
            missed = 0;
            lateRounds++;
            return lateRounds == misses ? MemberWatch.TOO_LATE : 0;
        }
        missed++;
        return MemberWatch.ROUND_MISSED;
    }

    private void beginRoundAfter(long nowNanos) {
        long periods = Math.max(1, Math.floorDiv(nowNanos - roundNanos, periodNanos));
        roundNanos += periods * periodNanos;
        step = 0;
        stepNanos = roundNanos;
    }

    /**
     * This node may not ping now. As soon as it may again it begins anew, with a ping at once, and goes on with the rounds
     * in their old phase; what was missed before says nothing.
     */
    void idle(long nowNanos) {
        missed = 0;
        lateRounds = 0;
        step = 0;
        inRounds = false;
        answered = false;
        if (nowNanos - roundNanos >= 0) {
            roundNanos += (Math.floorDiv(nowNanos - roundNanos, periodNanos) + 1) * periodNanos;
        }
        stepNanos = MemberWatch.earlier(nowNanos + partNanos(), roundNanos);
    }

    /** The ping that was wanted could not leave: the round proves nothing. */
    void unsent() {
        late = true;
    }

    void answered() {
        answered = true;
        missed = 0;
        lateRounds = 0;
        periodNanos = intervalNanos;
    }
}
