package io.groupmembership.sidecar.heartbeat;

import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.sidecar.heartbeat.HeartbeatCounts.Fate;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Brings the nodes' datagrams to {@link MemberAnswers} and its answers back, on one thread: by UDP and, at the same
 * address, by TCP. Where somebody else has that address for TCP, and nobody needs it here, UDP has to do.
 */
public final class HeartbeatResponder implements Closeable {
    private static final long PAUSE_AFTER_FAILURE_NANOS = 100_000_000;
    private static final int DATAGRAMS_PER_PASS = 64;
    private static final int MOST_PORTS_TRIED = 16;

    private final MemberAnswers answers;
    private final Selector selector;
    private final Datagram in = new Datagram();
    private final Datagram out = new Datagram();
    private DatagramChannel channel;
    private @Nullable SocketAddress monitor;
    private @Nullable TcpPort tcp;
    private @Nullable IOException tcpProblem;

    /** Answers heartbeats, and no requests. */
    public HeartbeatResponder(InetSocketAddress address, MemberAnswers answers) throws IOException {
        this(address, answers, HttpProbes.ELSEWHERE);
    }

    /**
     * Binds the sockets and begins to listen.
     *
     * @param address port 0 for any that is free for both
     * @param probes serves the requests that come by TCP; where there is somebody to serve, TCP must not fail
     */
    public HeartbeatResponder(InetSocketAddress address, MemberAnswers answers, HttpProbes probes) throws IOException {
        this.answers = answers;
        this.selector = Selector.open();
        this.channel = DatagramChannel.open();
        try {
            bind(address, probes);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            close();
            throw e;
        }
        Thread.ofPlatform().name("heartbeat").daemon().stackSize(256 * 1024).start(this::run);
    }

    private void bind(InetSocketAddress address, HttpProbes probes) throws IOException {
        for (int left = MOST_PORTS_TRIED; ; left--) {
            channel.bind(address);
            try {
                tcp = new TcpPort(selector, address(), answers, probes);
                return;
            } catch (BindException e) {
                if (address.getPort() == 0 && left > 0) {
                    channel.close();
                    channel = DatagramChannel.open();
                } else if (probes.equals(HttpProbes.ELSEWHERE)) {
                    tcpProblem = e;
                    return;
                } else {
                    throw e;
                }
            }
        }
    }

    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /** Why it does not listen on TCP, if so. */
    public Optional<IOException> tcpProblem() {
        return Optional.ofNullable(tcpProblem);
    }

    private void run() {
        try {
            listen();
        } finally {
            if (tcp != null) {
                tcp.endAll();
            }
        }
    }

    private void listen() {
        while (channel.isOpen()) {
            try {
                selector.select(this::ready, waitMillis());
                receiveSome();
                repeat();
                if (tcp != null) {
                    tcp.lookAround();
                }
            } catch (ClosedSelectorException e) {
                return;
            } catch (IOException | RuntimeException e) {
                // no route for the moment, say, or no descriptor is left; the monitor repeats its ping
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
            }
        }
    }

    /** 0 for as long as nothing comes. */
    private long waitMillis() {
        long tcpMillis = tcp == null ? 0 : tcp.waitMillis();
        long nanos = answers.nanosToRepeat();
        if (nanos == Long.MAX_VALUE) {
            return tcpMillis;
        }
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        return tcpMillis == 0 ? millis : Math.min(millis, tcpMillis);
    }

    /** An ack that was not confirmed goes again by the path that its ping came by. */
    private void repeat() throws IOException {
        DatagramPath path = answers.repeat(out);
        if (path == DatagramPath.UDP && monitor != null) {
            channel.send(out.toSend(), monitor);
        } else if (path == DatagramPath.TCP && tcp != null) {
            tcp.repeat(out);
        }
    }

    private void ready(SelectionKey key) {
        if (tcp != null) {
            tcp.ready(key);
        }
    }

    /** What is left is there when the selector is asked the next time. */
    private void receiveSome() throws IOException {
        for (int received = 0; received < DATAGRAMS_PER_PASS; received++) {
            SocketAddress from = channel.receive(in.toReceive());
            if (from == null) {
                return;
            }
            if (answers.receive(in, out, DatagramPath.UDP) == Fate.ANSWERED) {
                channel.send(out.toSend(), from);
                if (in.type() == DatagramType.PING) {
                    monitor = from;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (tcp != null) {
            tcp.close();
        }
        selector.close();
    }
}
