package io.groupmembership.membership.detection;

/**
 * A probe of a member on behalf of its monitor: {@value #PINGS} pings, a fifth of the interval apart, until one is
 * answered. What is answered by then is told at once, and that nothing was, a fifth after the last.
 *
 * <p>A probe extends nothing: it only finds out who can reach the member.
 */
public final class PeerProbe {
    static final int PINGS = 3;

    private final long partNanos;
    private int sent;
    private long dueNanos;
    private boolean done;

    public PeerProbe(long intervalNanos, long nowNanos) {
        this.partNanos = intervalNanos / PingRounds.PARTS;
        this.dueNanos = nowNanos;
    }

    public long dueNanos() {
        return dueNanos;
    }

    /** What to do at a turn. */
    public enum Step {
        PING,
        FAILED,
        NOTHING
    }

    public Step turn(long nowNanos) {
        if (done || nowNanos - dueNanos < 0) {
            return Step.NOTHING;
        }
        dueNanos = nowNanos + partNanos;
        if (sent < PINGS) {
            sent++;
            return Step.PING;
        }
        done = true;
        return Step.FAILED;
    }

    /** The member answered; false where that is known, or comes too late. */
    public boolean answered() {
        boolean news = !done;
        done = true;
        return news;
    }

    public boolean isDone() {
        return done;
    }
}
