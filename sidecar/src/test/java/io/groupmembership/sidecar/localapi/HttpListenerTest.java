package io.groupmembership.sidecar.localapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpListenerTest {
    private static final int MOST = 4;
    private static final int LIMIT_MILLIS = 10_000;
    private HttpListener listener;

    @BeforeEach
    void listen() throws IOException {
        listener = new HttpListener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                MOST,
                Duration.ofMinutes(1),
                HttpListenerTest::serve);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private static void serve(HttpListener.Request request, HttpAnswer answer) throws IOException {
        switch (request.path()) {
            case "/chunks" -> {
                answer.begin(200, "text/plain");
                answer.chunk("first".getBytes(StandardCharsets.UTF_8), 5);
                answer.chunk("second".getBytes(StandardCharsets.UTF_8), 6);
            }
            case "/broken" -> {
                answer.begin(200, "text/plain");
                answer.chunk("first".getBytes(StandardCharsets.UTF_8), 5);
                throw new IOException("the node is gone");
            }
            default ->
                answer.send(
                        200,
                        "text/plain",
                        request.method() + " " + request.path() + " "
                                + request.lastEventId().orElse("none"));
        }
    }

    private String exchange(String sent) throws IOException {
        try (Socket client = connect()) {
            client.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
            return rest(client);
        }
    }

    private Socket connect() throws IOException {
        Socket client =
                new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
        client.setSoTimeout(LIMIT_MILLIS);
        return client;
    }

    /** A connection that was reset had no more to say either. */
    private static String rest(Socket client) throws IOException {
        try {
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return "";
        }
    }

    @Test
    void aRequestIsItsMethodAndItsPathAndWhereAWatcherStands() throws IOException {
        assertThat(exchange("GET /a?b=c HTTP/1.1\r\nHost: x\r\nLAST-event-id:  17 \r\n\r\n"))
                .startsWith("HTTP/1.1 200 \r\n")
                .contains("Content-Length: 9\r\n", "Connection: close\r\n")
                .endsWith("\r\n\r\nGET /a 17");
    }

    @Test
    void aHeadMayComeInPieces() throws IOException {
        try (Socket client = connect()) {
            for (String piece : List.of("GET /a HT", "TP/1.1\r\nHost: x\r", "\n\r", "\n")) {
                client.getOutputStream().write(piece.getBytes(StandardCharsets.ISO_8859_1));
                client.getOutputStream().flush();
            }
            assertThat(rest(client)).endsWith("GET /a none");
        }
    }

    @Test
    void aBodyIsNotReadAndTheAnswerArrivesAllTheSame() throws IOException {
        assertThat(exchange("POST /a HTTP/1.1\r\nContent-Length: 4000\r\n\r\n" + "x".repeat(4_000)))
                .endsWith("POST /a none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\r\n\r\n", "GET\r\n\r\n", "GET /a\r\n\r\n", "GET /a SPDY/3\r\n\r\n", " / HTTP/1.1\r\n\r\n"})
    void whatIsNoRequestGetsNoAnswer(String sent) throws IOException {
        assertThat(exchange(sent)).isEmpty();
    }

    @Test
    void aHeadThatIsTooLongGetsNoAnswer() throws IOException {
        String sent = "GET /a HTTP/1.1\r\nX: " + "x".repeat(HttpListener.LONGEST_HEAD);
        try (Socket client = connect()) {
            client.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(rest(client)).isEmpty();
        }
    }

    @Test
    void chunksEndWithTheLastOne() throws IOException {
        assertThat(exchange("GET /chunks HTTP/1.1\r\n\r\n"))
                .contains("Transfer-Encoding: chunked\r\n")
                .endsWith("\r\n\r\n5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n");
    }

    @Test
    void anAnswerThatBreaksOffHasNoLastChunk() throws IOException {
        assertThat(exchange("GET /broken HTTP/1.1\r\n\r\n")).endsWith("5\r\nfirst\r\n");
    }

    @Test
    void oneConnectionTooManyIsClosedAndTheOthersStay() throws IOException {
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            idle.add(connect());
        }
        assertThat(exchange("GET /a HTTP/1.1\r\n\r\n")).isEmpty();
        for (Socket client : idle) {
            client.getOutputStream().write("GET /a HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(rest(client)).endsWith("GET /a none");
            client.close();
        }
        await().until(() -> exchange("GET /a HTTP/1.1\r\n\r\n").endsWith("GET /a none"));
    }
}
