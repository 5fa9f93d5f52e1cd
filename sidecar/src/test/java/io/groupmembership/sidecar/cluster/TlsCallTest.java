package io.groupmembership.sidecar.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsException;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls over TLS, against a server of the JDK and against peers that keep to nothing. */
class TlsCallTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    @TempDir
    private Path temp = Path.of("");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Instant now = Instant.now();
    private final CertificateAuthority authority = CertificateAuthority.create("test", LONG.multipliedBy(360), now);
    private SSLServerSocket server;

    @BeforeEach
    void listen() throws Exception {
        write(
                "node",
                authority,
                CertificateRequest.node("node-1", List.of("localhost"), List.of("127.0.0.1"), LONG.multipliedBy(60)));
        write("agent", authority, CertificateRequest.client("agent-1", List.of("team"), LONG.multipliedBy(60)));
        server = listening("node");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    private void write(String name, CertificateAuthority signer, CertificateRequest request) throws IOException {
        Path directory = Files.createDirectories(temp.resolve(name));
        KeyedCertificate issued = signer.issue(request, now);
        Files.writeString(directory.resolve("ca.crt"), signer.keyed().certificatePem());
        Files.writeString(directory.resolve("tls.key"), issued.keyPem());
        Files.writeString(directory.resolve("tls.crt"), issued.certificatePem());
    }

    private SSLServerSocket listening(String name) throws Exception {
        SSLServerSocket socket = (SSLServerSocket) ReloadingTls.of(TlsFiles.in(temp.resolve(name)))
                .sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        socket.setWantClientAuth(true);
        return socket;
    }

    private TlsFiles agent() {
        return TlsFiles.in(temp.resolve("agent"));
    }

    private NodeTransport transport(TlsFiles files) throws TlsException {
        return NodeTransport.of(Optional.of(files), Optional.empty(), e -> {});
    }

    private HttpCall call(ServerSocket to, NodeTransport transport) {
        return new HttpCall(new HostPort("127.0.0.1", to.getLocalPort()), transport);
    }

    /** Answers one request; says who sent it and what. */
    private Future<String> answers(SSLServerSocket from) {
        return threads.submit(() -> {
            try (SSLSocket socket = (SSLSocket) from.accept()) {
                String head = readHead(socket);
                socket.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                return socket.getSession().getPeerPrincipal().getName() + " "
                        + socket.getSession().getProtocol() + " " + head;
            }
        });
    }

    private static String readHead(Socket socket) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new IOException("no whole request");
            }
            request.append((char) b);
        }
        return request.toString();
    }

    private void failsWith(ServerSocket to, NodeTransport transport, String words) {
        try (HttpCall call = call(to, transport)) {
            assertThatThrownBy(() -> call.send(NodeRequest.get("/x"), LONG, Duration.ofSeconds(4)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(words);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aNodeIsCalledOverTls13AndKnowsTheAgentByItsCertificate() throws Exception {
        Future<String> seen = answers(server);
        try (HttpCall call = call(server, transport(agent()))) {
            call.send(NodeRequest.write("POST", "/v1/x", "key-1", "{}"), LONG, LONG);

            assertThat(call.status()).isEqualTo(200);
            assertThat(new String(call.bodyOfAtMost(100), StandardCharsets.US_ASCII))
                    .isEqualTo("hi");
        }
        assertThat(seen.get(5, TimeUnit.SECONDS))
                .startsWith("CN=agent-1,O=team TLSv1.3 POST /v1/x HTTP/1.1")
                .doesNotContain("Authorization");
    }

    @Test
    void aTokenIsReadAtEachCall() throws Exception {
        Path token = temp.resolve("token");
        NodeTransport transport = NodeTransport.of(Optional.of(agent()), Optional.of(token), e -> {});
        for (String text : List.of("one\n", "two")) {
            Files.writeString(token, text);
            Future<String> seen = answers(server);
            try (HttpCall call = call(server, transport)) {
                call.send(NodeRequest.get("/x"), LONG, LONG);
            }
            assertThat(seen.get(5, TimeUnit.SECONDS)).contains("\r\nAuthorization: Bearer " + text.strip() + "\r\n");
        }
        Files.writeString(token, "a\r\nX-Other: b");
        failsWith(server, transport, "token file " + token);
        Files.delete(token);
        failsWith(server, transport, "token file " + token);
    }

    @Test
    void aNodeOfAnotherCaOrAnotherNameIsNotTalkedTo() throws Exception {
        CertificateAuthority other = CertificateAuthority.create("other", LONG.multipliedBy(60), now);
        write("other", other, CertificateRequest.client("x", List.of(), LONG));
        write("elsewhere", authority, CertificateRequest.node("n", List.of("elsewhere.example.org"), List.of(), LONG));
        Future<String> first = answers(server);
        failsWith(server, transport(TlsFiles.in(temp.resolve("other"))), "none of the CAs in " + temp.resolve("other"));
        assertThatThrownBy(() -> first.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        try (SSLServerSocket elsewhere = listening("elsewhere")) {
            Future<String> second = answers(elsewhere);
            failsWith(elsewhere, transport(agent()), "for other names");
            assertThatThrownBy(() -> second.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void aPeerWithoutTlsIsFoundOut() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Future<?> _ = threads.submit(() -> {
                try (Socket socket = plain.accept()) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    new CountDownLatch(1).await();
                }
                return null;
            });
            failsWith(plain, transport(agent()), "does not speak TLS");
        }
    }

    @Test
    void aPeerThatIsSilentInTheHandshakeEndsAtTheLimit() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertEndsAtTheLimit(silent);
        }
    }

    @Test
    void aPeerThatSendsItsRecordByteByByteWinsNoTime() throws Exception {
        try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Future<?> _ = threads.submit(() -> {
                try (Socket socket = slow.accept()) {
                    // a record of a handshake, 16 KiB long, that never ends
                    socket.getOutputStream().write(new byte[] {22, 3, 3, 0x40, 0});
                    while (true) {
                        socket.getOutputStream().write(2);
                        TimeUnit.MILLISECONDS.sleep(50);
                    }
                }
            });
            assertEndsAtTheLimit(slow);
        }
    }

    private void assertEndsAtTheLimit(ServerSocket to) throws Exception {
        Duration limit = Duration.ofMillis(700);
        long begunNanos = System.nanoTime();
        try (HttpCall call = call(to, transport(agent()))) {
            assertThatThrownBy(() -> call.send(NodeRequest.get("/x"), LONG, limit))
                    .isInstanceOf(IOException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begunNanos))
                .isBetween(limit.minusMillis(100), limit.plusSeconds(3));
    }

    @Test
    void aBodyThatTricklesEndsAtTheLimitToo() throws Exception {
        Future<?> _ = threads.submit(() -> {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                readHead(socket);
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                while (true) {
                    socket.getOutputStream().write('x');
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        });
        long begunNanos = System.nanoTime();
        try (HttpCall call = call(server, transport(agent()))) {
            call.send(NodeRequest.get("/x"), LONG, Duration.ofSeconds(2));
            assertThatThrownBy(() -> call.bodyOfAtMost(2_000_000)).isInstanceOf(IOException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aCallIsEndedFromAnotherThreadWhileItReads() throws Exception {
        Future<?> _ = threads.submit(() -> {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                readHead(socket);
                new CountDownLatch(1).await();
            }
            return null;
        });
        HttpCall call = call(server, transport(agent()));
        Future<?> reading = threads.submit(() -> {
            call.send(NodeRequest.get("/x"), LONG, Duration.ofMinutes(1));
            return null;
        });
        await().until(call::wasConnected);

        call.close();

        assertThatThrownBy(() -> reading.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    }
}
