package io.groupmembership.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class ResponseParserTest {
    private static final String FIXED = """
            HTTP/1.1 201 Created\r
            X: y\r
            Content-Length: 13\r
            \r
            {"view":12 }
            """;
    private static final String EMPTY = """
            HTTP/1.1 204 No Content\r
            \r
            """;
    private static final String CHUNKED = """
            HTTP/1.1 200 OK\r
            Transfer-Encoding: chunked\r
            \r
            5\r
            hello\r
            A;ext=1\r
            , world!!!\r
            0\r
            Trailer: x\r
            \r
            """;
    private static final String NOTHING = """
            HTTP/1.1 503 Unavailable\r
            content-length:0\r
            \r
            """;

    private record Response(int status, String body) {}

    @Property(tries = 300)
    void responsesAreTheSameHoweverTheirBytesArrive(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 15) Integer> pieces) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ResponseParser parser = new ResponseParser(body::write);
        List<Response> responses = new ArrayList<>();
        byte[] bytes = (FIXED + EMPTY + CHUNKED + NOTHING + FIXED).getBytes(StandardCharsets.US_ASCII);
        int at = 0;
        for (int i = 0; at < bytes.length; i++) {
            int end = Math.min(bytes.length, at + (i < pieces.size() ? pieces.get(i) : bytes.length));
            while (at < end) {
                at += parser.feed(bytes, at, end - at);
                if (parser.isComplete()) {
                    responses.add(new Response(parser.status(), body.toString(StandardCharsets.US_ASCII)));
                    body.reset();
                    parser.reset();
                }
            }
        }
        assertThat(responses)
                .containsExactly(
                        new Response(201, "{\"view\":12 }\n"),
                        new Response(204, ""),
                        new Response(200, "hello, world!!!"),
                        new Response(503, ""),
                        new Response(201, "{\"view\":12 }\n"));
    }

    @Property(tries = 300)
    void eventIdsAreTheSameHoweverTheirBytesArrive(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 15) Integer> pieces) {
        List<Long> ids = new ArrayList<>();
        EventIds events = new EventIds(ids::add);
        String stream = """
                id: 3
                event: snapshot
                data: {"id":7}

                : ping

                id:4\r
                data:x\r
                \r
                event: none
                id: 9

                data: same id

                """;
        byte[] bytes = stream.getBytes(StandardCharsets.US_ASCII);
        int at = 0;
        for (int i = 0; at < bytes.length; i++) {
            int length = Math.min(bytes.length - at, i < pieces.size() ? pieces.get(i) : bytes.length);
            events.accept(bytes, at, length);
            at += length;
        }
        assertThat(ids).containsExactly(3L, 4L, 9L);
    }

    @Test
    void whatIsNoResponseIsRefused() {
        for (String wrong : List.of(
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(5_000) + "\r\n")) {
            byte[] bytes = wrong.getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> new ResponseParser((_, _, _) -> {}).feed(bytes, 0, bytes.length))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aTemplateChangesItsDigitsAndNothingElse() {
        BenchGroup group = new BenchGroup("bench-x", "127.0.0.1:5", List.of());
        RequestTemplate join = group.join(URI.create("http://127.0.0.1:7701"));
        String request = new String(join.set(0, 1).set(1, 42).set(2, 43).bytes(), StandardCharsets.US_ASCII);
        String body = request.substring(request.indexOf("\r\n\r\n") + 4);

        assertThat(request)
                .startsWith("POST /v1/namespaces/default/groups/bench-x/members HTTP/1.1\r\nHost: 127.0.0.1:7701\r\n")
                .contains("Content-Length: " + body.length() + "\r\n")
                .containsPattern("Idempotency-Key: [0-9a-f-]{36}-000000001\r\n");
        assertThat(body)
                .contains("\"memberId\":\"m000000042\"")
                .contains("\"instance\":\"00000000-0000-4000-8000-000000000043\"");
        assertThat(join.slots()).isEqualTo(3);
        assertThat(group.batch(URI.create("http://h:1"), 64).slots()).isEqualTo(1 + 2 * 64);
        assertThat(BenchGroup.memberId(42)).isEqualTo("m000000042");
    }
}
