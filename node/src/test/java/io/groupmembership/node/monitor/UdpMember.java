package io.groupmembership.node.monitor;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A process that is every member of its address, and answers pings and probes as it is told: by UDP and, if a test wants
 * that, by TCP at the same port.
 */
final class UdpMember implements AutoCloseable {
    /** The member's clock has nothing to do with the monitor's. */
    private static final long AHEAD_NANOS = 1L << 50;

    /**
     * A datagram whose seal was authentic.
     *
     * @param atNanos when it arrived, by the clock of the test
     */
    record Heard(
            DatagramPath path,
            DatagramType type,
            int keyId,
            long memberHash,
            long incarnation,
            int epoch,
            long millis,
            long sequence,
            long memberSentNanos,
            long view,
            long atNanos) {}

    private final LongSupplier clock;
    private final DatagramChannel channel;
    private final DatagramSeal seal = new DatagramSeal();
    private final AtomicLong acks = new AtomicLong();
    private final ConcurrentLinkedQueue<Heard> heard = new ConcurrentLinkedQueue<>();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger forged = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile Function<Datagram, Optional<ByteBuffer>> answer = this::ack;
    private volatile boolean hearsUdp = true;
    private @Nullable ServerSocket listening;

    UdpMember(String ip, LongSupplier clock) throws IOException {
        this.clock = clock;
        channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral(ip), 0));
        Thread.ofPlatform().daemon().name("udp-member").start(this::run);
    }

    UdpMember() throws IOException {
        this("127.0.0.1", System::nanoTime);
    }

    /** Answers by TCP too, from now on. */
    UdpMember alsoByTcp() throws IOException {
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        ServerSocket server = new ServerSocket(local.getPort(), 50, local.getAddress());
        listening = server;
        Thread.ofPlatform().daemon().name("tcp-member").start(() -> accept(server));
        return this;
    }

    /** Whether what comes by UDP arrives at all. */
    void hearsUdp(boolean hears) {
        hearsUdp = hears;
    }

    // ---- ways to answer

    Optional<ByteBuffer> ack(Datagram asked) {
        return Optional.of(answerTo(asked, keyOf(asked.incarnation())));
    }

    static Optional<ByteBuffer> silence(Datagram asked) {
        return Optional.empty();
    }

    /** The bytes of an answer with the next number. */
    ByteBuffer answerTo(Datagram asked, HeartbeatKey key) {
        Datagram out = new Datagram();
        out.beAnswerTo(asked, acks.incrementAndGet(), clock.getAsLong() + AHEAD_NANOS);
        new DatagramSeal().seal(out, key);
        return copy(out);
    }

    static HeartbeatKey keyOf(long incarnation) {
        return Watching.KEYS.of("default", "payments", "m" + incarnation, incarnation);
    }

    /** Its bytes as they are now: the buffer beneath is used again. */
    static ByteBuffer copy(Datagram datagram) {
        return ByteBuffer.allocate(Datagram.BYTES).put(datagram.toSend()).flip();
    }

    void answers(Function<Datagram, Optional<ByteBuffer>> how) {
        answer = how;
    }

    void answersAgain() {
        answer = this::ack;
    }

    /** Sends what was held back, to a detector on this machine. */
    void sends(ByteBuffer datagram, int port) throws IOException {
        answered.incrementAndGet();
        channel.send(datagram, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    }

    String address() throws IOException {
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        return new HostPort(local.getAddress().getHostAddress(), local.getPort()).toString();
    }

    // ---- what it heard

    List<Heard> pings() {
        return heard(DatagramType.PING);
    }

    List<Heard> confirmations() {
        return heard(DatagramType.CONFIRMATION);
    }

    List<Heard> probes() {
        return heard(DatagramType.PROBE);
    }

    /** Connections that were ever made to it. */
    int connections() {
        return connections.get();
    }

    /** Those of them that are there now. */
    int openConnections() {
        return connections.get() - ended.get();
    }

    private List<Heard> heard(DatagramType type) {
        return heard.stream().filter(one -> one.type() == type).toList();
    }

    /** Everything, in the order of its arrival. */
    List<Heard> heard() {
        return List.copyOf(heard);
    }

    void forgetHeard() {
        heard.clear();
    }

    /** How many datagrams were dealt with, and the answers to them sent. */
    int received() {
        return received.get();
    }

    int answered() {
        return answered.get();
    }

    int forged() {
        return forged.get();
    }

    private void run() {
        Datagram in = new Datagram();
        try {
            while (true) {
                var from = channel.receive(in.toReceive());
                Optional<ByteBuffer> out = hearsUdp ? take(in, DatagramPath.UDP) : Optional.empty();
                if (out.isPresent()) {
                    channel.send(out.get(), from);
                }
                received.incrementAndGet();
            }
        } catch (IOException e) {
            // The test is over, and the channel with it.
        }
    }

    private void accept(ServerSocket server) {
        try {
            while (true) {
                Socket connection = server.accept();
                connections.incrementAndGet();
                Thread.ofPlatform().daemon().name("tcp-member").start(() -> serve(connection));
            }
        } catch (IOException e) {
            // The test is over, and the socket with it.
        }
    }

    private void serve(Socket connection) {
        Datagram in = new Datagram();
        try (connection) {
            while (true) {
                byte[] bytes = connection.getInputStream().readNBytes(Datagram.BYTES);
                if (bytes.length == 0) {
                    return;
                }
                in.toReceive().put(bytes);
                Optional<ByteBuffer> out = take(in, DatagramPath.TCP);
                if (out.isPresent()) {
                    connection.getOutputStream().write(out.get().array());
                }
                received.incrementAndGet();
            }
        } catch (IOException e) {
            // The monitor has ended the connection.
        } finally {
            ended.incrementAndGet();
        }
    }

    private synchronized Optional<ByteBuffer> take(Datagram in, DatagramPath path) {
        if (!in.isWellFormed() || !seal.isAuthentic(in, keyOf(in.incarnation()))) {
            forged.incrementAndGet();
            return Optional.empty();
        }
        note(in, path);
        Optional<ByteBuffer> out = in.type() == DatagramType.CONFIRMATION ? Optional.empty() : answer.apply(in);
        answered.addAndGet(out.isPresent() ? 1 : 0);
        return out;
    }

    private void note(Datagram in, DatagramPath path) {
        heard.add(new Heard(
                path,
                in.type(),
                in.keyId(),
                in.memberHash(),
                in.incarnation(),
                in.epoch(),
                in.millis(),
                in.sequence(),
                in.memberSentNanos(),
                in.view(),
                clock.getAsLong()));
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (listening != null) {
            listening.close();
        }
    }
}
