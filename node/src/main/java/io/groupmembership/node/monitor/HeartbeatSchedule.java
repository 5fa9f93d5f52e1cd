package io.groupmembership.node.monitor;

/**
 * When one member is pinged, and what its silence means. No socket and no clock: time comes in as an argument, in
 * nanoseconds of a clock that only goes forward.
 *
 * <p>The rule (design, chapter 5, first form). A ping is due every interval. One that is unanswered when the next is
 * due is a miss; so many misses in a row make the member silent, and each further miss says so again. Any valid answer,
 * also a late one, sets the count to zero. What is the monitor's own fault is nobody's miss: a ping that could not
 * leave, one that was judged more than half an interval late, or one judged while answers lay unread.
 *
 * <p>Invariants: {@code answeredSequence <= sequence}; between a ping's departure and its judgement lies at least half
 * an interval; the phase within the interval never changes, so members that were spread stay spread after a pause.
 */
final class HeartbeatSchedule {
    /** What became of the ping before the one that is due. */
    enum Verdict {
        /** It was answered, or there was none. */
        CLEAR,
        /** It was not answered. */
        MISSED,
        /** It was not answered, and neither were those before it, as many as it takes. */
        SILENT,
        /** It was not answered, and that is not held against the member: the monitor was late. */
        EXCUSED
    }

    private final long intervalNanos;
    private final int missesToReport;

    private long dueNanos;
    private long sequence;
    private long answeredSequence;
    private long lastAnswerNanos;
    private int misses;
    private boolean toBeSent;

    /**
     * @param firstDueNanos when the first ping is due: now plus a random part of the interval
     * @param nowNanos when the watch begins
     */
    HeartbeatSchedule(long intervalNanos, int missesToReport, long firstDueNanos, long nowNanos) {
        this.intervalNanos = intervalNanos;
        this.missesToReport = missesToReport;
        this.dueNanos = firstDueNanos;
        this.lastAnswerNanos = nowNanos;
    }

    /** When the next ping is due. */
    long dueNanos() {
        return dueNanos;
    }

    boolean isDue(long nowNanos) {
        return nowNanos - dueNanos >= 0;
    }

    /**
     * Judges the ping before, and makes the next one due to be sent.
     *
     * @param acksUnread whether answers may lie in the socket that the monitor had no time to read
     */
    Verdict due(long nowNanos, boolean acksUnread) {
        boolean late = nowNanos - dueNanos > intervalNanos / 2;
        Verdict verdict = judge(late || acksUnread);
        toBeSent = true;
        dueNanos = nextDue(dueNanos + intervalNanos, nowNanos);
        return verdict;
    }

    private Verdict judge(boolean ownFault) {
        if (toBeSent) {
            return Verdict.EXCUSED;
        }
        if (answeredSequence == sequence) {
            return Verdict.CLEAR;
        }
        if (ownFault) {
            return Verdict.EXCUSED;
        }
        misses++;
        return misses >= missesToReport ? Verdict.SILENT : Verdict.MISSED;
    }

    /** The sequence of the ping that goes out next. */
    long nextSequence() {
        return sequence + 1;
    }

    /** Whether the ping that was due has not left yet. */
    boolean isToBeSent() {
        return toBeSent;
    }

    /** The ping has left. One that left long after it was due still gets half an interval to be answered. */
    void sent(long nowNanos) {
        sequence++;
        toBeSent = false;
        dueNanos = nextDue(dueNanos, nowNanos);
    }

    /**
     * The member answered.
     *
     * @param answered the sequence of the ping that the answer repeats
     * @return false, and nothing changes, where no such ping was sent or a newer one was answered before
     */
    boolean answered(long answered, long nowNanos) {
        if (answered <= answeredSequence || answered > sequence) {
            return false;
        }
        answeredSequence = answered;
        lastAnswerNanos = nowNanos;
        misses = 0;
        return true;
    }

    /** Pings in a row that were missed. */
    int misses() {
        return misses;
    }

    boolean everAnswered() {
        return answeredSequence > 0;
    }

    /** When the last answer came or, where there was none, when the watch began. */
    long lastAnswerNanos() {
        return lastAnswerNanos;
    }

    /** The first time of this phase that leaves half an interval for an answer. */
    private long nextDue(long earliestNanos, long nowNanos) {
        long tooSoonNanos = nowNanos + intervalNanos / 2 - earliestNanos;
        if (tooSoonNanos <= 0) {
            return earliestNanos;
        }
        long periods = (tooSoonNanos + intervalNanos - 1) / intervalNanos;
        return earliestNanos + periods * intervalNanos;
    }
}
