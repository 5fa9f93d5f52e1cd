package io.groupmembership.node.monitor;

import io.groupmembership.protocol.HeartbeatDatagram;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/** The one socket that pings leave by and acks come in by, over IPv4 and IPv6. It never blocks. */
final class UdpSocket implements Closeable {
    /** What the system grants of this is enough for the acks of a second or more at 20,000 members. */
    private static final int BUFFER_BYTES = 4 * 1024 * 1024;

    private final DatagramChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(HeartbeatDatagram.BYTES);
    // Larger than a datagram of ours: one that is too long must not be cut down to one that looks right.
    private final ByteBuffer in = ByteBuffer.allocateDirect(HeartbeatDatagram.BYTES * 2);

    UdpSocket(InetSocketAddress bindAddress) throws IOException {
        channel = DatagramChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
            channel.bind(bindAddress);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    InetSocketAddress localAddress() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /**
     * Sends one datagram.
     *
     * @return false where the socket's buffer is full, and nothing was sent
     * @throws IOException where the network refuses to carry it, as when there is no route
     */
    boolean send(HeartbeatDatagram datagram, InetSocketAddress target) throws IOException {
        out.clear();
        datagram.write(out);
        out.flip();
        return channel.send(out, target) > 0;
    }

    /** Whether a datagram was there; if so it is what {@link #received} reads. */
    boolean receive() throws IOException {
        in.clear();
        if (channel.receive(in) == null) {
            return false;
        }
        in.flip();
        return true;
    }

    /** The datagram that came last; empty where it is none of ours. */
    Optional<HeartbeatDatagram> received() {
        return HeartbeatDatagram.read(in);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
