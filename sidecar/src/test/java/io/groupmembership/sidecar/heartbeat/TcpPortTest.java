package io.groupmembership.sidecar.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.sidecar.FakeMonitor;
import io.groupmembership.sidecar.ManualClock;
import io.groupmembership.sidecar.heartbeat.HeartbeatCounts.Fate;
import io.groupmembership.sidecar.localapi.ProbeApi;
import io.groupmembership.sidecar.member.MemberState;
import io.groupmembership.sidecar.member.StatusBoard;
import io.groupmembership.sidecar.member.StatusBoardAccess;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heartbeats and a kubelet's probes at one TCP port, over real sockets. */
class TcpPortTest {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final ManualClock clock = new ManualClock();
    private final StatusBoard board = StatusBoard.withLease("payments/a", _ -> {}, clock);
    private final MemberAnswers answers = new MemberAnswers(FakeMonitor.HASH, clock, board, () -> {});
    private final DatagramSeal seal = new DatagramSeal();
    private final List<Socket> open = new ArrayList<>();
    private HeartbeatResponder responder;
    private long sequence;

    @BeforeEach
    void open() throws IOException {
        responder = new HeartbeatResponder(ANY, answers, head -> ProbeApi.answer(head, board));
        StatusBoardAccess.member(board, 17, 3, "a");
        answers.adopt(17, Optional.of(FakeMonitor.KEY));
    }

    @AfterEach
    void close() throws IOException {
        responder.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    // ---- what is at the other end

    private Socket connect(String sent) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(responder.address());
        open.add(socket);
        socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private byte[] sealed(Datagram datagram, HeartbeatKey key) {
        seal.seal(datagram, key);
        byte[] bytes = new byte[Datagram.BYTES];
        datagram.toSend().get(bytes);
        return bytes;
    }

    private byte[] ping() {
        Datagram ping = new Datagram();
        ping.bePing(1, FakeMonitor.HASH, 17, FakeMonitor.EPOCH, ++sequence, 9, 1_000);
        return sealed(ping, FakeMonitor.KEY);
    }

    private static Datagram receive(Socket socket) throws IOException {
        Datagram datagram = new Datagram();
        datagram.toReceive().put(socket.getInputStream().readNBytes(Datagram.BYTES));
        return datagram;
    }

    private void assertIsServed(Socket socket) throws IOException {
        socket.getOutputStream().write(ping());
        Datagram ack = receive(socket);
        assertThat(ack.isWellFormed()).isTrue();
        assertThat(ack.answeredSequence()).isEqualTo(sequence);
    }

    /** A connection that was reset had no more to say either. */
    private static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return "";
        }
    }

    private String get(String path) throws IOException {
        return rest(connect("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    }

    private long count(Fate fate) {
        return answers.counts().of(fate);
    }

    // ---- heartbeats

    @Test
    void aPingIsAckedOverItsConnectionAndTheConfirmationTellsThePath() throws IOException {
        Socket node = connect("");
        node.getOutputStream().write(ping());
        Datagram ack = receive(node);
        assertThat(ack.type()).isEqualTo(DatagramType.ACK);
        assertThat(seal.isAuthentic(ack, FakeMonitor.KEY)).isTrue();
        Datagram confirmation = new Datagram();
        confirmation.beConfirmation(
                1, FakeMonitor.HASH, 17, FakeMonitor.EPOCH, ++sequence, 9, 12_000, ack.memberSentNanos());
        node.getOutputStream().write(sealed(confirmation, FakeMonitor.KEY));
        await().until(() -> board.now().state() == MemberState.MEMBER);
        assertThat(board.now().heartbeatPath()).isEqualTo(DatagramPath.TCP);
        assertIsServed(node);
    }

    @Test
    void anAckThatIsNotConfirmedGoesAgainOverTheConnectionThatItsPingCameBy() throws IOException {
        Socket node = connect("");
        node.getOutputStream().write(ping());
        Datagram first = receive(node);
        clock.advance(Duration.ofSeconds(1));
        // the clock of the test has jumped, and no wait of the system has noticed: what comes has the agent look at it
        connect("x");
        Datagram again = receive(node);
        assertThat(again.answeredSequence()).isEqualTo(first.answeredSequence());
        assertThat(again.sequence()).isEqualTo(first.sequence() + 1);
        node.close();
        clock.advance(Duration.ofSeconds(1));
        assertIsServed(connect(""));
    }

    @Test
    void datagramsMayComeByteByByteAndSeveralInOnePiece() throws IOException {
        Socket node = connect("");
        node.setTcpNoDelay(true);
        for (byte one : ping()) {
            node.getOutputStream().write(one);
        }
        assertThat(receive(node).answeredSequence()).isEqualTo(1);
        byte[] two = Arrays.copyOf(ping(), 2 * Datagram.BYTES);
        System.arraycopy(ping(), 0, two, Datagram.BYTES, Datagram.BYTES);
        node.getOutputStream().write(two);
        assertThat(receive(node).answeredSequence()).isEqualTo(2);
        assertThat(receive(node).answeredSequence()).isEqualTo(3);
    }

    @Test
    void thePingThatIsNewerIsAnsweredWhicheverPathItComesBy() throws IOException {
        Socket node = connect("");
        try (FakeMonitor byUdp = new FakeMonitor(responder.address())) {
            byUdp.ping(17);
            assertThat(byUdp.receive().answeredSequence()).isEqualTo(1);
            sequence = 1;
            assertIsServed(node);
            byUdp.ping(17);
            await().until(() -> count(Fate.STALE) == 1);
        }
    }

    @Test
    void whatIsMalformedOrForgedEndsTheConnection() throws IOException {
        assertThat(rest(connect("GM" + "x".repeat(Datagram.BYTES)))).isEmpty();
        Socket forger = connect("");
        Datagram ping = new Datagram();
        ping.bePing(1, FakeMonitor.HASH, 17, FakeMonitor.EPOCH, 1, 9, 0);
        forger.getOutputStream().write(sealed(ping, FakeMonitor.key(2)));
        assertThat(rest(forger)).isEmpty();
        assertThat(count(Fate.MALFORMED)).isEqualTo(1);
        assertThat(count(Fate.FORGED)).isEqualTo(1);
    }

    @Test
    void whatIsForAnotherIncarnationGetsNoAnswerAndTheConnectionStays() throws IOException {
        Socket node = connect("");
        Datagram ping = new Datagram();
        ping.bePing(1, FakeMonitor.HASH, 18, FakeMonitor.EPOCH, 1, 9, 0);
        node.getOutputStream().write(sealed(ping, FakeMonitor.KEY));
        assertIsServed(node);
        assertThat(count(Fate.STRANGE)).isEqualTo(1);
    }

    @Test
    void whoeverDoesNotReadItsAnswersIsClosed() throws IOException {
        Socket deaf = connect("");
        Datagram probe = new Datagram();
        probe.beProbe(1, FakeMonitor.HASH, 17, FakeMonitor.EPOCH, 1);
        byte[] many = new byte[1_000 * Datagram.BYTES];
        byte[] one = sealed(probe, FakeMonitor.KEY);
        for (int at = 0; at < many.length; at += Datagram.BYTES) {
            System.arraycopy(one, 0, many, at, Datagram.BYTES);
        }
        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
            for (int i = 0; i < 1_000; i++) {
                deaf.getOutputStream().write(many);
            }
        });
        assertIsServed(connect(""));
    }

    // ---- probes of a kubelet at the same port

    @Test
    void aKubeletIsAnsweredAtTheSamePort() throws IOException {
        assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nok\n");
        assertThat(get("/readyz")).startsWith("HTTP/1.1 503 ");
        assertThat(get("/v1/self")).startsWith("HTTP/1.1 404 ");
        assertIsServed(connect(""));
    }

    @Test
    void aRequestMayComeInPiecesAndItsBodyIsNotRead() throws IOException {
        Socket client = connect("G");
        for (String piece : List.of("ET /hea", "lthz HTTP/1.1\r", "\n\r\n", "x".repeat(4_000))) {
            client.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
        }
        client.shutdownOutput();
        assertThat(rest(client)).endsWith("ok\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET\r\n\r\n", "\u0016\u0003\u0001\r\n\r\n", "GET / SPDY/3\r\n\r\n"})
    void whatIsNoRequestGetsNoAnswer(String sent) throws IOException {
        assertThat(rest(connect(sent))).isEmpty();
    }

    @Test
    void aHeadThatIsTooLongGetsNoAnswer() throws IOException {
        assertThat(rest(connect("GET / HTTP/1.1\r\nX: " + "x".repeat(Caller.LONGEST_REQUEST))))
                .isEmpty();
    }

    @Test
    void whereNobodyProbesThisPortARequestGetsNoAnswer() throws IOException {
        responder.close();
        responder = new HeartbeatResponder(ANY, answers);
        assertThat(get("/healthz")).isEmpty();
        assertIsServed(connect(""));
    }

    // ---- floods

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GM", "GET /hea"})
    void connectionsThatGoNowhereKeepNeitherANodeNorAKubeletOut(String sent) throws IOException {
        // Given
        Socket node = connect("");
        assertIsServed(node);
        // When
        for (int i = 0; i < 200; i++) {
            Socket stranger = connect(sent);
            assertThat(stranger.isConnected()).isTrue();
        }
        // Then
        assertIsServed(node);
        assertIsServed(connect(""));
        assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ");
    }

    // ---- ports

    @Test
    void aFreePortIsFreeForBoth() throws IOException {
        assertThat(responder.tcpProblem()).isEmpty();
        assertThat(responder.address().getPort()).isPositive();
        assertIsServed(connect(""));
    }

    @Test
    void whereAnotherListensOnTcpUdpHasToDoUnlessThereAreProbesToServe() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> new HeartbeatResponder(address, answers, head -> ProbeApi.answer(head, board)));
            try (HeartbeatResponder alone = new HeartbeatResponder(address, answers);
                    FakeMonitor byUdp = new FakeMonitor(address)) {
                assertThat(alone.tcpProblem()).isPresent();
                byUdp.ping(17);
                assertThat(byUdp.receive().answeredSequence()).isEqualTo(1);
            }
        }
    }
}
