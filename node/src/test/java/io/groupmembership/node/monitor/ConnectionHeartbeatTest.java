package io.groupmembership.node.monitor;

import static io.groupmembership.node.monitor.Watching.GENEROUS;
import static io.groupmembership.node.monitor.Watching.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.node.monitor.HeartbeatDetector.Tuning;
import io.groupmembership.protocol.HeartbeatMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionHeartbeatTest {
    private Watching watching;

    @BeforeEach
    void begin() throws IOException {
        watching = new Watching();
    }

    @AfterEach
    void end() {
        watching.close();
    }

    @Test
    void aProcessThatOnlyListensStaysAndIsReportedWhenItEnds() throws IOException {
        // Given
        ServerSocket process = listen();
        try (process) {
            watching.detector.monitor(member(1, HeartbeatMode.TCP, "127.0.0.1:" + process.getLocalPort()));
            watching.awaitAcks(10);
            assertThat(watching.reportsOf(1)).isEmpty();
        }
        // When it is closed
        Command.Target report = watching.awaitReportOf(1);
        // Then
        assertThat(report.reason()).isEqualTo(LeaveReason.CRASHED);
        assertThat(report.evidence().lastAckMillisAgo()).isNotNegative();
        assertThat(report.evidence().monitorHealth())
                .containsKeys("loopLagMillis", "membersMonitored", "acksLastWindow");
        assertThat(report.evidence().probes()).hasSize(3).allSatisfy(probe -> {
            assertThat(probe.by()).isEqualTo("node-1");
            assertThat(probe.path()).isEqualTo("tcp");
            assertThat(probe.result()).isEqualTo("Connection refused");
        });
        assertThat(watching.detector.stats().openConnections()).isZero();
    }

    @Test
    void aNameThatLeadsOutsideOfTheNetworksIsNotProbedThere() throws Exception {
        // Given somebody who listens where no node may connect to, and a name that leads there
        InetAddress outside = InetAddress.ofLiteral("127.0.0.2");
        Tuning resolving = new Tuning(new SplittableRandom(1), name -> new InetAddress[] {outside}, 8, 8);
        try (Watching limited = new Watching(resolving, ProbeNetworks.of(List.of("127.0.0.1/32")));
                ServerSocket other = new ServerSocket(0, 50, outside)) {
            // When a member says that it is there
            limited.detector.monitor(member(1, HeartbeatMode.TCP, "rebound.test:" + other.getLocalPort()));
            // Then nobody is connected to
            assertThat(limited.awaitReportOf(1).evidence().probes())
                    .extracting(Evidence.Probe::result)
                    .contains("127.0.0.2 is outside of gm.probe-networks");
            other.setSoTimeout(1);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(other::accept);
        }
    }

    /** The leader holds the removal of others back for it, so that members that die together are one view. */
    @Test
    void whoMissesIsCountedInEachBeatUntilItIsReported() {
        // When nobody listens
        watching.detector.monitor(member("payments", 1, HeartbeatMode.TCP, "127.0.0.1:9", Duration.ofSeconds(1)));
        // Then
        await().atMost(GENEROUS).until(() -> watching.missing() == 1);
        assertThat(watching.reportsOf(1)).isEmpty();
        watching.awaitReportOf(1);
        await().atMost(GENEROUS).until(() -> watching.missing() == 0);
    }

    @Test
    void aProcessThatListensOnIpv6Stays() throws IOException {
        Watching.assumeIpv6Loopback();
        try (ServerSocket process = new ServerSocket(0, 50, InetAddress.ofLiteral("::1"))) {
            watching.detector.monitor(member(1, HeartbeatMode.TCP, "[::1]:" + process.getLocalPort()));
            watching.awaitAcks(6);
            assertThat(watching.reportsOf(1)).isEmpty();
        }
    }

    @Test
    void anHttpServerIsJudgedByItsStatus() throws IOException {
        try (WebServer good = new WebServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                WebServer moved = new WebServer("HTTP/1.0 302 Found\r\n\r\n");
                WebServer broken = new WebServer("HTTP/1.1 500 Oops\r\n\r\n");
                WebServer other = new WebServer("SSH-2.0-OpenSSH_9.6\r\n")) {
            // When
            watching.detector.monitor(member(1, HeartbeatMode.HTTP, good.address() + "/healthz?deep=1"));
            watching.detector.monitor(member(2, HeartbeatMode.HTTP, moved.address()));
            watching.detector.monitor(member(3, HeartbeatMode.HTTP, broken.address()));
            watching.detector.monitor(member(4, HeartbeatMode.HTTP, other.address()));
            // Then
            assertThat(watching.awaitReportOf(3).evidence().probes()).allSatisfy(probe -> {
                assertThat(probe.path()).isEqualTo("http");
                assertThat(probe.result()).isEqualTo("status 500");
            });
            assertThat(watching.awaitReportOf(4).evidence().probes())
                    .extracting(Evidence.Probe::result)
                    .contains("not an HTTP answer");
            watching.awaitAcks(10);
            assertThat(watching.reportsOf(1)).isEmpty();
            assertThat(watching.reportsOf(2)).isEmpty();
            assertThat(good.requests()).first().isEqualTo("GET /healthz?deep=1 HTTP/1.1");
            assertThat(good.requests()).contains("Host: " + good.address(), "Connection: close");
            assertThat(moved.requests()).first().isEqualTo("GET / HTTP/1.1");
        }
    }

    @Test
    void attemptsBeyondTheBoundWaitAndTheirWaitingIsNotHeldAgainstTheMembers() throws IOException {
        // Given room for one connection, and a server that never answers and so holds it
        Tuning usual = Tuning.usual();
        Tuning tuning = new Tuning(usual.random(), usual.lookup(), 1, 1);
        try (Watching narrow = new Watching(tuning);
                ServerSocket mute = listen();
                ServerSocket listening = listen()) {
            // When
            narrow.detector.monitor(member(1, HeartbeatMode.HTTP, "127.0.0.1:" + mute.getLocalPort()));
            narrow.detector.monitor(member(2, HeartbeatMode.HTTP, "127.0.0.1:" + mute.getLocalPort()));
            for (int incarnation = 3; incarnation < 9; incarnation++) {
                narrow.detector.monitor(
                        member(incarnation, HeartbeatMode.TCP, "127.0.0.1:" + listening.getLocalPort()));
            }
            // Then
            await().atMost(GENEROUS).until(() -> {
                assertThat(narrow.detector.stats().openConnections()).isLessThanOrEqualTo(1);
                return !narrow.reportsOf(1).isEmpty() && !narrow.reportsOf(2).isEmpty();
            });
            assertThat(narrow.detector.stats().lateTicks()).isPositive();
            for (int incarnation = 3; incarnation < 9; incarnation++) {
                assertThat(narrow.reportsOf(incarnation)).isEmpty();
            }
        }
    }

    @Test
    void aConnectionThatMetItselfIsNobodysAnswer() throws IOException {
        try (ServerSocket process = listen();
                SocketChannel lonely = SocketChannel.open();
                SocketChannel met = SocketChannel.open(process.getLocalSocketAddress())) {
            // Given a socket that connects to its own port
            lonely.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            lonely.connect(lonely.getLocalAddress());
            // Then
            assertThat(ConnectionProbes.metItself(lonely)).isTrue();
            assertThat(ConnectionProbes.metItself(met)).isFalse();
        }
    }

    @Test
    void aConnectionThatWasTakenAndResetIsAnAnswerAndOneThatWasRefusedIsNone() {
        assertThat(ConnectionProbes.wasTakenAndReset(new SocketException("Connection reset by peer")))
                .isTrue();
        assertThat(ConnectionProbes.wasTakenAndReset(new SocketException("Connection reset")))
                .isTrue();
        assertThat(ConnectionProbes.wasTakenAndReset(new ConnectException("Connection refused")))
                .isFalse();
        assertThat(ConnectionProbes.wasTakenAndReset(new SocketException("Network is unreachable")))
                .isFalse();
        assertThat(ConnectionProbes.wasTakenAndReset(new IOException("Connection reset by peer")))
                .isFalse();
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 1_000, InetAddress.ofLiteral("127.0.0.1"));
    }

    /** Answers each connection with the same bytes once it has read a request. */
    private static final class WebServer implements AutoCloseable {
        private final ServerSocket listener = listen();
        private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
        private final String answer;

        WebServer(String answer) throws IOException {
            this.answer = answer;
            Thread.ofPlatform().daemon().name("web-server").start(this::run);
        }

        String address() {
            return "127.0.0.1:" + listener.getLocalPort();
        }

        /** The lines of all requests. */
        ConcurrentLinkedQueue<String> requests() {
            return requests;
        }

        private void run() {
            while (!listener.isClosed()) {
                try (Socket connection = listener.accept();
                        BufferedReader in = new BufferedReader(
                                new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII))) {
                    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                        requests.add(line);
                    }
                    connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // A connection that the monitor has cut, or the end of the test.
                }
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
