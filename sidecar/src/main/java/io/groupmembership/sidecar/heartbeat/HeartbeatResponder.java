package io.groupmembership.sidecar.heartbeat;

import io.groupmembership.protocol.HeartbeatDatagram;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Acknowledges the monitor's pings, on one thread and one socket.
 *
 * <p>Only a ping that bears this member's hash and its present incarnation is answered, with one datagram of the same
 * size. Everything else is counted and dropped: the address may have been somebody else's a minute ago, and an answer
 * to a stranger would make this a tool for others.
 */
public final class HeartbeatResponder implements Closeable {
    private static final long PAUSE_AFTER_FAILURE_NANOS = 100_000_000;

    private final DatagramChannel channel;
    private final long memberHash;
    private final InetSocketAddress address;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong malformed = new AtomicLong();
    private final AtomicLong strange = new AtomicLong();
    private volatile long incarnation;

    /**
     * Binds the socket and begins to listen.
     *
     * @param address port 0 for any free one
     * @param memberHash see {@link HeartbeatDatagram#memberHash}
     */
    public HeartbeatResponder(InetSocketAddress address, long memberHash) throws IOException {
        this.memberHash = memberHash;
        this.channel = DatagramChannel.open();
        try {
            channel.bind(address);
            this.address = (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        Thread.ofPlatform().name("heartbeat").daemon().stackSize(256 * 1024).start(this::answerPings);
    }

    public InetSocketAddress address() {
        return address;
    }

    /** From now on pings for this incarnation are answered, and no others; 0 for none at all. */
    public void answerFor(long newIncarnation) {
        incarnation = newIncarnation;
    }

    public long answered() {
        return answered.get();
    }

    /** Datagrams that are none of the protocol's. */
    public long malformed() {
        return malformed.get();
    }

    /** Datagrams of the protocol that were not for this member and incarnation, or no pings. */
    public long strange() {
        return strange.get();
    }

    private void answerPings() {
        // one byte more than a datagram has, so that a longer one is seen to be longer
        ByteBuffer in = ByteBuffer.allocateDirect(HeartbeatDatagram.BYTES + 1);
        ByteBuffer out = ByteBuffer.allocateDirect(HeartbeatDatagram.BYTES);
        while (channel.isOpen()) {
            try {
                in.clear();
                SocketAddress from = channel.receive(in);
                in.flip();
                Optional<HeartbeatDatagram> ack = ackFor(in);
                if (from != null && ack.isPresent()) {
                    out.clear();
                    ack.get().write(out);
                    out.flip();
                    channel.send(out, from);
                    answered.incrementAndGet();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // no route for the moment, say; the monitor repeats its ping
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
            }
        }
    }

    private Optional<HeartbeatDatagram> ackFor(ByteBuffer in) {
        Optional<HeartbeatDatagram> ping = HeartbeatDatagram.read(in);
        if (ping.isEmpty()) {
            malformed.incrementAndGet();
            return Optional.empty();
        }
        HeartbeatDatagram datagram = ping.get();
        long mine = incarnation;
        boolean forMe = mine != 0
                && datagram.type() == HeartbeatDatagram.Type.PING
                && datagram.memberHash() == memberHash
                && datagram.incarnation() == mine;
        if (!forMe) {
            strange.incrementAndGet();
            return Optional.empty();
        }
        return Optional.of(datagram.ack());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
