package io.groupmembership.node.monitor;

import io.groupmembership.protocol.heartbeat.Datagram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way to one member by TCP: none, a connection that is being made, or one that is there.
 *
 * <p>A connection ends when the other end closes it or sends what its member did not seal, when it takes no more (it is
 * never waited for), and when it has brought no answer for as long as its owner has patience, at the next ping. The next
 * ping then begins another one. It belongs to the event loop.
 */
final class TcpLine {
    /** Who sends and receives over it. */
    interface Owner {
        /** The connection is there: {@link #send} what is to be sent. */
        void mayPing();

        /** Takes a datagram, well formed; false where it is not from the member, and the connection is to end. */
        boolean received(Datagram datagram);
    }

    /** The datagrams to read in one pass. A member has one answer to send, and what is more of it can wait. */
    private static final int DATAGRAMS_PER_PASS = 4;

    private static final String NO_CONNECTION = "no connection";
    private static final String NO_ANSWER = "no answer";

    private final TcpLines lines;
    private final Owner owner;
    private final Datagram whole;
    private @Nullable SelectionKey key;
    private @Nullable InetSocketAddress target;
    private @Nullable ByteBuffer in;
    private boolean waiting;
    private long waitingSinceNanos;
    private @Nullable String problem;

    /** @param whole is used for what is received, again and again, by every line of the loop */
    TcpLine(TcpLines lines, Owner owner, Datagram whole) {
        this.lines = lines;
        this.owner = owner;
        this.whole = whole;
    }

    /** What came of the newest attempt since the last answer; null where there was none. */
    @Nullable String problem() {
        return problem;
    }

    /**
     * Wants to ping: at once where there is a connection, or else as soon as there is one.
     *
     * @param patienceNanos for how long an answer is waited for before another connection is made
     * @return false where this node has no room for another connection now
     */
    boolean request(InetSocketAddress to, long nowNanos, long patienceNanos) {
        if (key != null && waiting && nowNanos - waitingSinceNanos >= patienceNanos) {
            fail(isConnected() ? NO_ANSWER : NO_CONNECTION);
        }
        if (key != null && !to.equals(target)) {
            close();
        }
        if (!waiting) {
            waiting = true;
            waitingSinceNanos = nowNanos;
        }
        if (key == null) {
            return connect(to);
        }
        if (isConnected()) {
            owner.mayPing();
        }
        return true;
    }

    private boolean connect(InetSocketAddress to) {
        Optional<SocketChannel> channel = lines.channel();
        if (channel.isEmpty()) {
            return false;
        }
        problem = problem == null ? NO_CONNECTION : problem;
        try {
            key = lines.connect(channel.get(), to, this);
            target = to;
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
        return true;
    }

    private boolean isConnected() {
        return in != null;
    }

    /** Sends one datagram; false where there is no connection, or none any more. */
    boolean send(Datagram datagram) {
        SelectionKey now = key;
        if (now == null || !isConnected()) {
            return false;
        }
        try {
            if (((SocketChannel) now.channel()).write(datagram.toSend()) == Datagram.BYTES) {
                return true;
            }
            fail("reads nothing");
        } catch (IOException e) {
            failed(e);
        }
        return false;
    }

    /** Goes on with a connection on which something has happened. */
    void ready(SelectionKey ready) {
        if (!ready.equals(key) || !ready.isValid()) {
            return;
        }
        SocketChannel channel = (SocketChannel) ready.channel();
        try {
            if (isConnected()) {
                read(ready, channel);
            } else if (channel.finishConnect()) {
                connected(ready, channel);
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void connected(SelectionKey ready, SocketChannel channel) throws IOException {
        if (ConnectionProbes.metItself(channel)) {
            fail("Connection refused");
            return;
        }
        ready.interestOps(SelectionKey.OP_READ);
        in = ByteBuffer.allocate(Datagram.BYTES);
        problem = NO_ANSWER;
        owner.mayPing();
    }

    private void read(SelectionKey ready, SocketChannel channel) throws IOException {
        for (int read = 0; read < DATAGRAMS_PER_PASS && ready.equals(key); read++) {
            ByteBuffer piece = in;
            if (piece == null) {
                return;
            }
            if (channel.read(piece) < 0) {
                fail("closed by the other end");
                return;
            }
            if (piece.hasRemaining()) {
                return;
            }
            whole.toReceive().put(piece.flip());
            piece.clear();
            if (!whole.isWellFormed() || !owner.received(whole)) {
                fail("answers are not the member's");
                return;
            }
            if (ready.equals(key)) {
                waiting = false;
                problem = null;
            }
        }
    }

    private void failed(Exception e) {
        fail(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }

    private void fail(String why) {
        close();
        problem = why;
    }

    /** Ends the connection, if there is one. */
    void close() {
        waiting = false;
        problem = null;
        in = null;
        if (key != null) {
            lines.end(key);
            key = null;
        }
    }
}
