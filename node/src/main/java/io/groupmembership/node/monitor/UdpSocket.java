package io.groupmembership.node.monitor;

import io.groupmembership.protocol.heartbeat.Datagram;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

/** The one socket that pings leave by and acks come in by, over IPv4 and IPv6. It never blocks. */
final class UdpSocket implements Closeable {
    /** What the system grants of this is enough for the acks of a second or more at 20,000 members. */
    private static final int BUFFER_BYTES = 4 * 1024 * 1024;

    private final DatagramChannel channel;

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
    boolean send(Datagram datagram, InetSocketAddress target) throws IOException {
        return channel.send(datagram.toSend(), target) > 0;
    }

    /** Whether a datagram was there; it is what was sent only if it is well formed. */
    boolean receive(Datagram datagram) throws IOException {
        return channel.receive(datagram.toReceive()) != null;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
