package io.groupmembership.cli.bench;

import io.groupmembership.protocol.HeartbeatDatagram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/** Answers the heartbeats of all members that the load tool has made, so that none is removed while it runs. */
final class HeartbeatResponder implements AutoCloseable {
    private final DatagramChannel channel;

    HeartbeatResponder() throws IOException {
        channel = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().name("heartbeats").start(this::answer);
    }

    /** Where the members' heartbeats go. */
    String address() throws IOException {
        return "127.0.0.1:" + ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private void answer() {
        ByteBuffer datagram = ByteBuffer.allocateDirect(HeartbeatDatagram.BYTES * 2);
        while (true) {
            try {
                datagram.clear();
                SocketAddress monitor = channel.receive(datagram);
                datagram.flip();
                HeartbeatDatagram ping = HeartbeatDatagram.read(datagram).orElse(null);
                if (ping != null && monitor != null && ping.type() == HeartbeatDatagram.Type.PING) {
                    datagram.clear();
                    ping.ack().write(datagram);
                    channel.send(datagram.flip(), monitor);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // a datagram that could not be sent is a lost one
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
