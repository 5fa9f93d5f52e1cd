package io.groupmembership.sidecar.heartbeat;

import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.sidecar.heartbeat.HeartbeatCounts.Fate;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Brings the nodes' datagrams to {@link MemberAnswers} and its answers back, on one thread. */
public final class HeartbeatResponder implements Closeable {
    private static final long PAUSE_AFTER_FAILURE_NANOS = 100_000_000;

    private final MemberAnswers answers;
    private final Selector selector;
    private final DatagramChannel channel;
    private final InetSocketAddress address;
    private final Datagram in = new Datagram();
    private final Datagram out = new Datagram();
    private @Nullable SocketAddress monitor;

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
                selector.select(waitMillis());
                selector.selectedKeys().clear();
                receiveAll();
                if (monitor != null && answers.repeat(out)) {
                    channel.send(out.toSend(), monitor);
                }
            } catch (ClosedSelectorException e) {
                return;
            } catch (IOException e) {
                // no route for the moment, say; the monitor repeats its ping
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
            }
        }
    }

    /** 0 for as long as nothing comes. */
    private long waitMillis() {
        long nanos = answers.nanosToRepeat();
        return nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    private void receiveAll() throws IOException {
        SocketAddress from = channel.receive(in.toReceive());
        while (from != null) {
            if (answers.receive(in, out) == Fate.ANSWERED) {
                channel.send(out.toSend(), from);
                if (in.type() == DatagramType.PING) {
                    monitor = from;
                }
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
