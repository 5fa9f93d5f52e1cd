package io.groupmembership.node.monitor;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** A process that is every member of its address, and answers pings and probes as it is told. */
final class UdpMember implements AutoCloseable {
    /** The member's clock has nothing to do with the monitor's. */
    private static final long AHEAD_NANOS = 1L << 50;

    /**
     * A datagram whose seal was authentic.
     *
     * @param atNanos when it arrived, by the clock of the test
     */
    record Heard(
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
    private volatile Function<Datagram, Optional<ByteBuffer>> answer = this::ack;

    UdpMember(String ip, LongSupplier clock) throws IOException {
        this.clock = clock;
        channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral(ip), 0));
        Thread.ofPlatform().daemon().name("udp-member").start(this::run);
    }

    UdpMember() throws IOException {
        this("127.0.0.1", System::nanoTime);
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
                if (in.isWellFormed() && seal.isAuthentic(in, keyOf(in.incarnation()))) {
                    note(in);
                    Optional<ByteBuffer> out =
                            in.type() == DatagramType.CONFIRMATION ? Optional.empty() : answer.apply(in);
                    if (out.isPresent()) {
                        answered.incrementAndGet();
                        channel.send(out.get(), from);
                    }
                } else {
                    forged.incrementAndGet();
                }
                received.incrementAndGet();
            }
        } catch (IOException e) {
            // The test is over, and the channel with it.
        }
    }

    private void note(Datagram in) {
        heard.add(new Heard(
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
    }
}
