package io.groupmembership.node.monitor;

import io.groupmembership.protocol.HeartbeatMode;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Pings by TCP: a connection that is made, or an HTTP status from 200 to 399 over it, is the answer.
 *
 * <p>An address outside of the networks that may be probed is not connected to: it fails, at each ping anew, as a name may
 * be looked up differently each time.
 *
 * <p>At most so many attempts are open at a time; the others wait for their turn, first come, first served. An attempt
 * stays open until it succeeds, fails or is abandoned because the member's next ping is due. Every connection is
 * closed by a reset (SO_LINGER 0), or each ping would leave a socket in TIME_WAIT for a minute, 240,000 of them at
 * 20,000 members. It belongs to the event loop.
 */
final class ConnectionProbes implements Closeable {
    /** So many attempts begin in one pass of the loop: a connect on this machine may take 100 us. */
    private static final int STARTS_PER_PASS = 256;

    /** One connection under way. */
    static final class Attempt {
        private final Watch watch;
        private final long sequence;
        private final SocketChannel channel;
        private final @Nullable HttpExchange http;

        private Attempt(Watch watch, long sequence, SocketChannel channel) {
            this.watch = watch;
            this.sequence = sequence;
            this.channel = channel;
            this.http = watch.member.mode() == HeartbeatMode.HTTP ? new HttpExchange(watch.place.address) : null;
        }
    }

    private final Selector selector;
    private final int mostOpen;
    private final LongSupplier clock;
    private final LoopMeter meter;
    private final ProbeNetworks networks;
    private final ArrayDeque<Watch> waiting = new ArrayDeque<>();
    private int open;

    ConnectionProbes(Selector selector, int mostOpen, LongSupplier clock, LoopMeter meter, ProbeNetworks networks) {
        this.networks = networks;
        this.selector = selector;
        this.mostOpen = mostOpen;
        this.clock = clock;
        this.meter = meter;
    }

    int open() {
        return open;
    }

    int waiting() {
        return waiting.size();
    }

    /** Wants a ping of this member as soon as it is its turn. A member that waits already keeps its place. */
    void request(Watch watch) {
        if (!watch.waiting) {
            watch.waiting = true;
            waiting.addLast(watch);
        }
    }

    /** Ends the attempt that this member has under way, if any. */
    void abandon(Watch watch) {
        Attempt attempt = watch.attempt;
        if (attempt != null) {
            end(attempt);
        }
    }

    /** Begins attempts of members that wait, as many as there is room for. */
    void startWaiting() {
        for (int started = 0; started < STARTS_PER_PASS && open < mostOpen; started++) {
            Watch watch = waiting.pollFirst();
            if (watch == null) {
                return;
            }
            watch.waiting = false;
            Optional<InetSocketAddress> target = watch.place.target();
            if (watch.forgotten || target.isEmpty()) {
                continue;
            }
            SocketChannel channel;
            try {
                channel = SocketChannel.open();
            } catch (IOException e) {
                // No file descriptor left: that is the monitor's own trouble, so the member keeps its turn.
                watch.waiting = true;
                waiting.addFirst(watch);
                return;
            }
            begin(watch, channel, target.get());
        }
    }

    private void begin(Watch watch, SocketChannel channel, InetSocketAddress target) {
        Attempt attempt = new Attempt(watch, watch.schedule.nextSequence(), channel);
        watch.attempt = attempt;
        watch.attemptBegins();
        watch.schedule.sent(clock.getAsLong());
        open++;
        meter.pingsSent++;
        if (!networks.permits(target.getAddress())) {
            fail(attempt, target.getAddress().getHostAddress() + " is outside of gm.probe-networks");
            return;
        }
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (channel.connect(target)) {
                connected(attempt, null);
            } else {
                channel.register(selector, SelectionKey.OP_CONNECT, attempt);
            }
        } catch (IOException | RuntimeException e) {
            fail(attempt, e);
        }
    }

    /** Goes on with an attempt whose channel the selector found ready. */
    void ready(SelectionKey key) {
        Attempt attempt = (Attempt) key.attachment();
        if (attempt.watch.attempt != attempt || !key.isValid()) {
            return;
        }
        try {
            if (key.isConnectable()) {
                if (attempt.channel.finishConnect()) {
                    connected(attempt, key);
                }
            } else {
                exchange(attempt, key);
            }
        } catch (IOException | RuntimeException e) {
            if (attempt.http == null && wasTakenAndReset(e)) {
                succeed(attempt);
            } else {
                fail(attempt, e);
            }
        }
    }

    /**
     * Whether the other end took the connection, and had reset it before this loop looked: servers that want nothing of
     * strangers do. A reset that answers the connect itself is told as "refused" (RFC 9293, 3.10.7.3), and so is one by
     * a port that nobody listens on.
     */
    static boolean wasTakenAndReset(Exception e) {
        return e instanceof SocketException
                && !(e instanceof ConnectException)
                && e.getMessage() != null
                && e.getMessage().startsWith("Connection reset");
    }

    private void connected(Attempt attempt, @Nullable SelectionKey key) throws IOException {
        if (metItself(attempt.channel)) {
            fail(attempt, "Connection refused");
        } else if (attempt.http == null) {
            succeed(attempt);
        } else {
            exchange(attempt, key);
        }
    }

    /**
     * Whether nobody but the connection's own socket is at its other end: a connect to a closed port of this machine's
     * ephemeral range may be given that very port to connect from (RFC 9293, 3.5: simultaneous open).
     */
    static boolean metItself(SocketChannel channel) throws IOException {
        return channel.getLocalAddress().equals(channel.getRemoteAddress());
    }

    private void exchange(Attempt attempt, @Nullable SelectionKey key) throws IOException {
        HttpExchange http = attempt.http;
        if (http == null) {
            return;
        }
        switch (http.advance(attempt.channel)) {
            case HttpExchange.Step.Write write -> await(attempt, key, SelectionKey.OP_WRITE);
            case HttpExchange.Step.Read read -> await(attempt, key, SelectionKey.OP_READ);
            case HttpExchange.Step.Healthy healthy -> succeed(attempt);
            case HttpExchange.Step.Failed failed -> fail(attempt, failed.result());
        }
    }

    private void await(Attempt attempt, @Nullable SelectionKey key, int operation) throws IOException {
        if (key == null) {
            attempt.channel.register(selector, operation, attempt);
        } else {
            key.interestOps(operation);
        }
    }

    private void succeed(Attempt attempt) {
        end(attempt);
        if (attempt.watch.answered(attempt.sequence, clock.getAsLong())) {
            meter.ack();
        }
    }

    private void fail(Attempt attempt, Exception e) {
        fail(attempt, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }

    private void fail(Attempt attempt, String result) {
        end(attempt);
        attempt.watch.attemptFailed(result);
    }

    private void end(Attempt attempt) {
        attempt.watch.attempt = null;
        open--;
        closeQuietly(attempt.channel);
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way, and what it had to say has been said.
        }
    }

    @Override
    public void close() {
        for (SelectionKey key : selector.keys()) {
            if (key.channel() instanceof SocketChannel channel) {
                closeQuietly(channel);
            }
        }
    }
}
