package io.groupmembership.node.monitor;

import io.groupmembership.protocol.HeartbeatDatagram;
import io.groupmembership.protocol.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** A process that is sent pings, and answers them as it is told. */
final class UdpMember implements AutoCloseable {
    private final DatagramChannel channel;
    private final ConcurrentLinkedQueue<HeartbeatDatagram> pings = new ConcurrentLinkedQueue<>();
    private volatile Function<HeartbeatDatagram, Optional<ByteBuffer>> answer = UdpMember::ack;

    UdpMember(String ip) throws IOException {
        channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral(ip), 0));
        Thread.ofPlatform().daemon().name("udp-member").start(this::run);
    }

    UdpMember() throws IOException {
        this("127.0.0.1");
    }

    static Optional<ByteBuffer> ack(HeartbeatDatagram ping) {
        return Optional.of(bytes(ping.ack()));
    }

    static Optional<ByteBuffer> silence(HeartbeatDatagram ping) {
        return Optional.empty();
    }

    static ByteBuffer bytes(HeartbeatDatagram datagram) {
        ByteBuffer out = ByteBuffer.allocate(HeartbeatDatagram.BYTES);
        datagram.write(out);
        return out.flip();
    }

    void answers(Function<HeartbeatDatagram, Optional<ByteBuffer>> how) {
        answer = how;
    }

    String address() throws IOException {
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        return new HostPort(local.getAddress().getHostAddress(), local.getPort()).toString();
    }

    ConcurrentLinkedQueue<HeartbeatDatagram> pings() {
        return pings;
    }

    private void run() {
        ByteBuffer in = ByteBuffer.allocate(1_024);
        try {
            while (true) {
                in.clear();
                var from = channel.receive(in);
                HeartbeatDatagram ping = HeartbeatDatagram.read(in.flip()).orElseThrow();
                pings.add(ping);
                Optional<ByteBuffer> out = answer.apply(ping);
                if (out.isPresent()) {
                    channel.send(out.get(), from);
                }
            }
        } catch (IOException e) {
            // The test is over, and the channel with it.
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
