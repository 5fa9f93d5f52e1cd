package io.groupmembership.node.monitor;

import static io.groupmembership.node.monitor.Watching.GENEROUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.membership.Evidence;
import io.groupmembership.node.monitor.HeartbeatDetector.Tuning;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.DatagramType;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody listens on UDP, and what listens on TCP there does as it likes. */
class OddTcpPeersTest {
    private static final AtomicLong ACKS = new AtomicLong();

    @FunctionalInterface
    interface Manner {
        void serve(InputStream in, OutputStream out) throws IOException;
    }

    private static final class Peer implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        private final List<Socket> connections = new ArrayList<>();
        private final AtomicInteger accepted = new AtomicInteger();

        Peer(Manner manner) throws IOException {
            Thread.ofPlatform().daemon().name("odd-peer").start(() -> accept(manner));
        }

        private void accept(Manner manner) {
            try {
                while (true) {
                    Socket connection = server.accept();
                    connections.add(connection);
                    accepted.incrementAndGet();
                    Thread.ofPlatform().daemon().name("odd-peer").start(() -> serve(connection, manner));
                }
            } catch (IOException e) {
                // The test is over.
            }
        }

        private static void serve(Socket connection, Manner manner) {
            try {
                manner.serve(connection.getInputStream(), connection.getOutputStream());
            } catch (IOException e) {
                // The monitor has ended the connection.
            }
        }

        MonitoredMember member(long incarnation) {
            return Watching.member(incarnation, HeartbeatMode.UDP, "127.0.0.1:" + server.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket connection : connections) {
                connection.close();
            }
        }
    }

    /** The answer to the next ping: confirmations in between are read and forgotten. */
    private static byte[] ack(InputStream in, long incarnation) throws IOException {
        Datagram ping = new Datagram();
        do {
            byte[] bytes = in.readNBytes(Datagram.BYTES);
            if (bytes.length < Datagram.BYTES) {
                throw new EOFException();
            }
            ping.toReceive().put(bytes);
        } while (ping.type() != DatagramType.PING);
        Datagram ack = new Datagram();
        ack.beAnswerTo(ping, ACKS.incrementAndGet(), System.nanoTime());
        new DatagramSeal().seal(ack, UdpMember.keyOf(incarnation));
        return UdpMember.copy(ack).array();
    }

    static Stream<Arguments> oddManners() {
        return Stream.of(
                odd("accepts and says nothing", (in, out) -> {}),
                odd("closes", (in, out) -> in.close()),
                odd("sends what it got", (in, out) -> out.write(in.readNBytes(Datagram.BYTES))),
                odd(
                        "speaks HTTP",
                        (in, out) -> out.write(ByteBuffer.allocate(400)
                                .put("HTTP/1.1 400 \r\n".getBytes(StandardCharsets.US_ASCII))
                                .array())),
                odd("sends half an answer", (in, out) -> out.write(ack(in, 1), 0, Datagram.BYTES / 2)),
                odd("seals with another's key", (in, out) -> out.write(ack(in, 2))),
                odd("never stops", (in, out) -> {
                    while (true) {
                        out.write(0x47);
                    }
                }));
    }

    private static Arguments odd(String name, Manner manner) {
        return Arguments.argumentSet(name, manner);
    }

    @ParameterizedTest
    @MethodSource("oddManners")
    void whoeverDoesNotAnswerIsSuspectedAndTheOthersStay(Manner manner) throws IOException {
        try (Watching watching = new Watching();
                UdpMember good = new UdpMember();
                Peer peer = new Peer(manner)) {
            // When
            watching.detector.monitor(peer.member(1));
            watching.detector.monitor(Watching.member(2, HeartbeatMode.UDP, good.address()));
            // Then
            assertThat(watching.awaitReportOf(1).evidence().probes())
                    .extracting(Evidence.Probe::path)
                    .containsExactly("udp", "tcp");
            assertThat(peer.accepted.get())
                    .as("each attempt is another connection")
                    .isGreaterThan(1);
            assertThat(watching.reportsOf(2)).isEmpty();
            assertThat(watching.detector.stats().acksReceived())
                    .as("of the other alone")
                    .isLessThanOrEqualTo(good.answered());
            // When
            watching.detector.forget(1);
            // Then
            await().atMost(GENEROUS).until(() -> watching.detector.stats().openLines() == 0);
        }
    }

    @Test
    void anAnswerMayComeByteByByteAndSeveralInOnePiece() throws IOException {
        Manner inPieces = (in, out) -> {
            while (true) {
                for (byte one : ack(in, 1)) {
                    out.write(one);
                    out.flush();
                }
            }
        };
        Manner together = (in, out) -> {
            ByteBuffer both = ByteBuffer.allocate(2 * Datagram.BYTES);
            both.put(ack(in, 2)).put(both.array(), 0, Datagram.BYTES);
            out.write(both.array());
            while (true) {
                out.write(ack(in, 2));
            }
        };
        try (Watching watching = new Watching();
                Peer first = new Peer(inPieces);
                Peer second = new Peer(together)) {
            watching.detector.monitor(first.member(1));
            watching.detector.monitor(second.member(2));
            await().atMost(GENEROUS).until(() -> watching.detector.stats().confirmations() >= 4L * Watching.MISSES);
            assertThat(watching.detector.stats().carriedByTcp()).isEqualTo(2);
            assertThat(first.accepted).hasValue(1);
            assertThat(second.accepted).hasValue(1);
            assertThat(watching.reportsOf(1)).isEmpty();
            assertThat(watching.reportsOf(2)).isEmpty();
        }
    }

    @Test
    void whoFindsNoRoomForAConnectionTakesNobodyElses() throws IOException {
        // Given room for one, which a member has
        Tuning usual = Tuning.usual();
        Tuning tuning = new Tuning(usual.random(), usual.lookup(), 1, 1);
        Manner answers = (in, out) -> {
            while (true) {
                out.write(ack(in, 1));
            }
        };
        try (Watching watching = new Watching(tuning);
                Peer first = new Peer(answers);
                Peer second = new Peer(answers)) {
            watching.detector.monitor(first.member(1));
            watching.awaitAcks(1);
            // When
            watching.detector.monitor(second.member(2));
            // Then
            assertThat(watching.awaitReportOf(2).evidence().probes())
                    .extracting(Evidence.Probe::path)
                    .containsExactly("udp");
            assertThat(watching.reportsOf(1)).isEmpty();
            assertThat(watching.detector.stats().openLines()).isEqualTo(1);
            assertThat(second.accepted).hasValue(0);
        }
    }

    @Test
    void aConnectionThatTakesNoMoreIsEndedAndNotWaitedFor() throws IOException {
        try (ServerSocket server = new ServerSocket();
                TcpLines lines = new TcpLines(1)) {
            // Given
            server.setReceiveBufferSize(4_096);
            server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            AtomicInteger connected = new AtomicInteger();
            TcpLine.Owner owner = new TcpLine.Owner() {
                @Override
                public void mayPing() {
                    connected.incrementAndGet();
                }

                @Override
                public boolean received(Datagram datagram) {
                    return true;
                }
            };
            TcpLine line = new TcpLine(lines, owner, new Datagram());
            assertThat(line.request((InetSocketAddress) server.getLocalSocketAddress(), 0, 1))
                    .isTrue();
            await().atMost(GENEROUS).until(() -> !lines.readAll() && connected.get() == 1);
            // When
            Datagram ping = new Datagram();
            ping.bePing(1, 2, 3, 4, 5, 6, 0);
            int sent = 0;
            while (line.send(ping) && sent < 1_000_000) {
                sent++;
            }
            // Then
            assertThat(sent).isBetween(1, 999_999);
            assertThat(line.problem()).isEqualTo("reads nothing");
            assertThat(lines.open()).isZero();
        }
    }
}
