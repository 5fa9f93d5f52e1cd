package io.groupmembership.sidecar.heartbeat;

import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.sidecar.heartbeat.HeartbeatCounts.Fate;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;

/** Brings the nodes' datagrams to {@link MemberAnswers} and its answers back, on one thread. */
public final class HeartbeatResponder implements Closeable {
    private static final long PAUSE_AFTER_FAILURE_NANOS = 100_000_000;

    private final MemberAnswers answers;
    private final Selector selector;
    private final DatagramChannel channel;
    private final InetSocketAddress address;
    private final Datagram in = new Datagram();
    private final Datagram out = new Datagram();

    /**
     * Binds the socket and begins to listen.
     *
     * @param address port 0 for any free one
     */
    public HeartbeatResponder(InetSocketAddress address, MemberAnswers answers) throws IOException {
        this.answers = answers;
        this.selector = Selector.open();
        this.channel = DatagramChannel.open();
        try {
            channel.bind(address);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            this.address = (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            close();
            throw e;
        }
        Thread.ofPlatform().name("heartbeat").daemon().stackSize(256 * 1024).start(this::run);
    }

    public InetSocketAddress address() {
        return address;
    }

    private void run() {
        while (channel.isOpen()) {
            try {
                selector.select();
                selector.selectedKeys().clear();
                receiveAll();
            } catch (ClosedSelectorException e) {
                return;
            } catch (IOException e) {
                // no route for the moment, say; the monitor repeats its ping
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
            }
        }
    }

    private void receiveAll() throws IOException {
        SocketAddress from = channel.receive(in.toReceive());
        while (from != null) {
            if (answers.receive(in, out) == Fate.ANSWERED) {
                channel.send(out.toSend(), from);
            }
            from = channel.receive(in.toReceive());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close();
    }
}
