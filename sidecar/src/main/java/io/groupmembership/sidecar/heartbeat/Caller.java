package io.groupmembership.sidecar.heartbeat;

import io.groupmembership.protocol.heartbeat.Datagram;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One connection to the agent's port, from its first byte to its end.
 *
 * <p>The rule: every kind has room for so many and so much time, and none takes another's. Where a kind is full, who has
 * proven nothing goes before who has, and of these the one that nothing came of for longest. So a flood of strangers
 * costs strangers their connections: a node proves itself with the first datagram that it sends, a kubelet's request is
 * answered as soon as it is there.
 */
final class Caller {
    /** What a connection is for. */
    enum Kind {
        /** Nobody can say yet. */
        UNKNOWN(64, 5),
        /** A request that is not complete. */
        REQUEST(16, 5),
        /** The request is answered, and the rest of it is let come. */
        ANSWERED(16, 1),
        /** Datagrams. */
        HEARTBEATS(16, 10);

        private final int most;
        private final long limitNanos;

        Kind(int most, int limitSeconds) {
            this.most = most;
            this.limitNanos = TimeUnit.SECONDS.toNanos(limitSeconds);
        }
    }

    /** Longer than any interval that is of use. A monitor that finds its connection closed makes another one. */
    private static final long PROVEN_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(2);

    static final int LONGEST_REQUEST = 2 * 1024;

    private static final Comparator<Caller> WHO_GOES_FIRST = (one, other) -> one.proven == other.proven
            ? Long.signum(one.sinceNanos - other.sinceNanos)
            : Boolean.compare(one.proven, other.proven);

    final SocketChannel channel;
    private ByteBuffer in = ByteBuffer.allocate(Datagram.BYTES);
    private Kind kind = Kind.UNKNOWN;
    private boolean proven;
    private long sinceNanos;

    Caller(SocketChannel channel, long nowNanos) {
        this.channel = channel;
        this.sinceNanos = nowNanos;
    }

    Kind kind() {
        return kind;
    }

    /** Where what comes is put behind what has come. */
    ByteBuffer in() {
        return in;
    }

    /** What the first bytes make of it, {@link Kind#UNKNOWN} before there are two: heartbeats begin with "GM". */
    Kind recognized() {
        if (in.position() < 2) {
            return Kind.UNKNOWN;
        }
        return in.get(0) == 'G' && in.get(1) == 'M' ? Kind.HEARTBEATS : Kind.REQUEST;
    }

    /** It is of this kind from now on. */
    void become(Kind next, long nowNanos) {
        kind = next;
        if (next == Kind.REQUEST) {
            in = ByteBuffer.allocate(LONGEST_REQUEST).put(in.flip());
        } else if (next == Kind.ANSWERED) {
            sinceNanos = nowNanos;
        }
    }

    /** A datagram came that nobody but a node can have sent for this member. */
    void prove(long nowNanos) {
        proven = true;
        sinceNanos = nowNanos;
    }

    boolean isOver(long nowNanos) {
        return nowNanos - sinceNanos > (proven ? PROVEN_LIMIT_NANOS : kind.limitNanos);
    }

    /** Who has to go, so that there is room for one more of this kind. */
    static Optional<Caller> whoMakesRoom(Kind kind, Collection<Caller> all) {
        long there = all.stream().filter(caller -> caller.kind == kind).count();
        return there < kind.most
                ? Optional.empty()
                : all.stream().filter(caller -> caller.kind == kind).min(WHO_GOES_FIRST);
    }
}
