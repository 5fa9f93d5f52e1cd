package io.groupmembership.node.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that mean two things, that grow when they are read, and that never end. */
@QuarkusTest
@TestProfile(InMemoryNode.class)
class HostileHttpApiTest {
    private static final int SLOW_CONNECTIONS = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private final String path = "/v1/namespaces/default/groups/hostile-" + UUID.randomUUID();

    /** The second request is what somebody would smuggle past a proxy that sees another end of the first. */
    private String smuggled() {
        String body = "{\"memberId\":\"smuggled\",\"address\":\"h:1\"}";
        return "POST " + path + "/members HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\nContent-Length: 0",
                "Content-Length: 0, 5",
                "Content-Length: +0",
                "Content-Length: 0x0",
                "Content-Length: -1",
                "Content-Length : 0",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked\nTransfer-Encoding: identity",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding:\u000bchunked",
                "Content-Length: 5\nTransfer-Encoding: chunked",
                "Host: other\nContent-Length: 0",
                "X: a\u0000b\nContent-Length: 0",
                " X: folded\nContent-Length: 0"
            })
    void whatMeansTwoThingsSmugglesNothing(String headers) throws IOException {
        String answers =
                raw("POST " + path + "/nope HTTP/1.1\nHost: test\n" + headers + "\n\n", "0\r\n\r\n" + smuggled());

        assertThat(answers).startsWith("HTTP/1.1 4").doesNotContain("HTTP/1.1 2", "HTTP/1.1 5");
        given().get(path).then().statusCode(404);
    }

    private static String raw(String head, String more) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write((head.replace("\n", "\r\n") + more).getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host: a b", "Host: test\nHost: other", "Host: test\n more"})
    void aHostThatIsNoneIsRefused(String header) throws IOException {
        String answer = raw("GET /v1/groups HTTP/1.1\n" + header + (header.isEmpty() ? "" : "\n") + "\n", "");

        assertThat(answer).startsWith("HTTP/1.1 400").contains(Problems.MEDIA_TYPE);
    }

    @Test
    void aBodyThatIsPackedIsNotUnpacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 200; i++) {
                gzip.write(spaces);
            }
            gzip.write("{\"memberId\":\"a\",\"address\":\"h:1\"}".getBytes(StandardCharsets.US_ASCII));
        }

        String answer = RawHttp.exchange(
                RestAssured.port,
                "POST " + path + "/members HTTP/1.1\nContent-Type: application/json\nContent-Encoding: gzip\n"
                        + "Content-Length: " + packed.size(),
                packed.toByteArray());

        assertThat(answer).matches("(?s)HTTP/1.1 4(00|15) .*").contains(Problems.MEDIA_TYPE);
        given().get(path).then().statusCode(404);
    }

    @Test
    void requestsThatNeverEndKeepNobodyWaiting() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_CONNECTIONS; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
                slow.add(socket);
                send(socket, i % 2 == 0 ? "GET /v1/groups HTTP/1.1\r\nHost: t\r\nX-" : announced());
            }
            for (int round = 0; round < 5; round++) {
                for (Socket socket : slow) {
                    send(socket, "a");
                }
                long beganNanos = System.nanoTime();
                given().get("/v1/groups").then().statusCode(200);
                assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(LIMIT);
            }
            // a body has to come within a limit, whatever it trickles
            Socket body = slow.get(1);
            await("the end of a body that does not come")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> isEnded(body));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private String announced() {
        return "POST " + path
                + "/members HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isEnded(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        try {
            send(socket, "a");
            return socket.getInputStream().read(new byte[1024]) < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
