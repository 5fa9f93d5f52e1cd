package io.groupmembership.node.monitor;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The connections that heartbeats go over, of all members together: at most so many at a time, and so many begun in one
 * pass of the loop. Whoever finds no room goes without, and asks again with its next ping.
 *
 * <p>They have a selector of their own, which is looked at once a pass and wakes nobody, as the socket of UDP. Every
 * connection is closed by a reset (SO_LINGER 0), or each would stay in TIME_WAIT for a minute. It belongs to the event
 * loop.
 */
final class TcpLines implements Closeable {
    /** A connect on this machine may take 100 us: 128 of them are 13 ms. 15,000 a second are enough for all members. */
    private static final int STARTS_PER_PASS = 128;

    /** The selector tells of at most so many connections at once. */
    private static final int READY_AT_ONCE = 1_024;

    private final Selector selector = Selector.open();
    private final Consumer<SelectionKey> onReady = TcpLines::ready;
    private final int mostOpen;
    private int open;
    private int startsLeft = STARTS_PER_PASS;

    TcpLines(int mostOpen) throws IOException {
        this.mostOpen = mostOpen;
    }

    /** Connections that are there, or are being made. */
    int open() {
        return open;
    }

    /**
     * Goes on with every connection on which something has happened.
     *
     * @return whether more may have come in that was not read yet
     */
    boolean readAll() throws IOException {
        startsLeft = STARTS_PER_PASS;
        // what was closed has a key, and its socket is there, until the selector was asked again
        for (int left = selector.keys().size(); left > 0; left -= READY_AT_ONCE) {
            if (selector.selectNow(onReady) < READY_AT_ONCE) {
                return false;
            }
        }
        return open > 0;
    }

    private static void ready(SelectionKey key) {
        ((TcpLine) key.attachment()).ready(key);
    }

    /** For another connection; empty where there is no room for one now, or no file descriptor. */
    Optional<SocketChannel> channel() {
        if (open >= mostOpen || startsLeft == 0) {
            return Optional.empty();
        }
        startsLeft--;
        try {
            return Optional.of(SocketChannel.open());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Begins a connection.
     *
     * @throws IOException where it can't be made, and nothing is left of it
     */
    SelectionKey connect(SocketChannel channel, InetSocketAddress target, TcpLine line) throws IOException {
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            // a connection that is there at once is told of by the selector too: it can be written to
            boolean there = channel.connect(target);
            SelectionKey key =
                    channel.register(selector, there ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, line);
            open++;
            return key;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    void end(SelectionKey key) {
        open--;
        try {
            key.channel().close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
