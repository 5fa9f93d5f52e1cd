package io.groupmembership.sidecar.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a peer that writes raw bytes, well-behaved or not. */
class HttpCallTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    private HttpCall call() {
        return new HttpCall(new HostPort("127.0.0.1", server.getLocalPort()));
    }

    /** Reads one request's head, writes this, and closes, or stays silent until the test is over. */
    private Future<String> peerWrites(String text, boolean thenSilent) {
        return threads.submit(() -> {
            try (Socket socket = server.accept()) {
                StringBuilder request = new StringBuilder();
                while (request.indexOf("\r\n\r\n") < 0) {
                    request.append((char) socket.getInputStream().read());
                }
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                if (thenSilent) {
                    new CountDownLatch(1).await();
                }
                return request.toString();
            }
        });
    }

    private String bodyAfter(String answer) throws IOException {
        Future<?> _ = peerWrites(answer, false);
        try (HttpCall call = call()) {
            call.send(NodeRequest.get("/x"), LONG, LONG);
            return new String(call.bodyOfAtMost(100), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void aRequestSaysWhatItMust() throws Exception {
        Future<String> request = peerWrites("HTTP/1.1 204 No Content\r\nRetry-After: 7\r\n\r\n", false);
        try (HttpCall call = call()) {
            call.send(NodeRequest.write("POST", "/v1/x", "key-1", "{}"), LONG, LONG);
            assertThat(call.status()).isEqualTo(204);
            assertThat(call.retryAfter()).contains(Duration.ofSeconds(7));
            assertThat(call.bodyOfAtMost(0)).isEmpty();
        }
        assertThat(request.get(10, TimeUnit.SECONDS))
                .startsWith("POST /v1/x HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort() + "\r\n")
                .contains("Idempotency-Key: key-1\r\n")
                .contains("Content-Length: 2\r\n");
    }

    @Test
    void bodiesAreReadHoweverTheyAreFramed() throws IOException {
        assertThat(bodyAfter("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more"))
                .isEqualTo("hello");
        assertThat(bodyAfter("HTTP/1.1 200 OK\r\n\r\nhello")).isEqualTo("hello");
        String continued = "HTTP/1.1 100 Continue\r\n\r\n";
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(bodyAfter(continued + chunked + "3;x=y\r\nhel\r\n002\r\nlo\r\n0\r\nTrailer: z\r\n\r\n"))
                .isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-server\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"
            })
    void anAnswerThatIsNoneIsAnError(String answer) {
        assertThatThrownBy(() -> bodyAfter(answer)).isInstanceOf(IOException.class);
    }

    @Test
    void aHeadWithoutEndIsAnError() {
        assertThatThrownBy(() -> bodyAfter("HTTP/1.1 200 OK\r\nX: " + "x".repeat(10_000)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aBodyLargerThanItsBoundIsAnError() {
        assertThatThrownBy(() -> bodyAfter("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(101)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aSilentPeerCostsNoMoreThanTheLimit() throws IOException {
        Future<?> _ = peerWrites("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", true);
        long begun = System.nanoTime();
        try (HttpCall call = call()) {
            call.send(NodeRequest.get("/x"), LONG, Duration.ofMillis(200));
            assertThatThrownBy(() -> call.bodyOfAtMost(100)).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(150), LONG);
    }

    @Test
    void aPeerThatWritesAByteNowAndThenCostsNoMoreThanTheLimitEither() {
        Future<?> _ = threads.submit(() -> {
            try (Socket socket = server.accept()) {
                while (true) {
                    socket.getOutputStream().write('H');
                    // the peer's slowness is what is tested
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        });
        long begun = System.nanoTime();
        assertThatThrownBy(() -> {
                    try (HttpCall call = call()) {
                        call.send(NodeRequest.get("/x"), LONG, Duration.ofMillis(300));
                    }
                })
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
    }

    @Test
    void anEndlessStreamIsClosedFromAnotherThread() throws Exception {
        Future<?> _ = peerWrites("HTTP/1.1 200 OK\r\n\r\n", true);
        try (HttpCall call = call()) {
            call.send(NodeRequest.get("/x"), LONG, LONG);
            call.limitEachRead(Duration.ofMinutes(1));
            closeWhileReading(call, Thread.currentThread());
            assertThatThrownBy(() -> call.body().read()).isInstanceOf(SocketException.class);
        }
    }

    private void closeWhileReading(HttpCall call, Thread reader) {
        Future<?> _ = threads.submit(() -> {
            await().until(() -> Arrays.stream(reader.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("fill")));
            call.close();
            return null;
        });
    }
}
