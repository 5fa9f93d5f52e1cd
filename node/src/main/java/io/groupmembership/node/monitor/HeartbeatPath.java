package io.groupmembership.node.monitor;

import io.groupmembership.protocol.heartbeat.DatagramPath;
import java.util.concurrent.TimeUnit;

/**
 * By which path a member's next ping goes.
 *
 * <p>The rule. A ping goes by the path that the ack before it came by, UDP at first. A ping behind one that was not
 * acked goes by both paths. So a connection is made only where UDP has not answered, and whichever path stops working,
 * the other one is tried in the same round. While TCP carries the member, one ping a minute goes by UDP alone: if that
 * is acked, UDP carries it again, else the repetition goes by TCP too.
 *
 * <p>Of the two pings that go by both paths the one by TCP has to have the greater sequence. A member drops what is not
 * newer than what it had, so the ping by TCP is answered in whichever order they arrive: also where UDP works on the
 * way to the member and not on the way back. Not thread-safe.
 */
final class HeartbeatPath {
    /** Which paths one ping goes by. */
    enum Ping {
        BY_UDP,
        BY_TCP,
        BY_BOTH;

        boolean byUdp() {
            return this != BY_TCP;
        }

        boolean byTcp() {
            return this != BY_UDP;
        }
    }

    static final long UDP_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private DatagramPath carrier = DatagramPath.UDP;
    private boolean unanswered;
    private long udpTriedNanos;

    /** The path that the newest ack came by; UDP before the first. */
    DatagramPath carrier() {
        return carrier;
    }

    /** Whether a ping has gone out since the newest ack. */
    boolean isUnanswered() {
        return unanswered;
    }

    /** A ping goes out now. */
    Ping next(long nowNanos) {
        if (unanswered) {
            udpTriedNanos = nowNanos;
            return Ping.BY_BOTH;
        }
        unanswered = true;
        if (carrier == DatagramPath.UDP) {
            return Ping.BY_UDP;
        }
        if (nowNanos - udpTriedNanos >= UDP_AGAIN_NANOS) {
            udpTriedNanos = nowNanos;
            return Ping.BY_UDP;
        }
        return Ping.BY_TCP;
    }

    /** An ack that counts came by this path. */
    void acked(DatagramPath by) {
        unanswered = false;
        carrier = by;
    }
}
