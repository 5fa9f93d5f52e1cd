package io.groupmembership.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.cli.CannedServer;
import io.groupmembership.cli.CliFailure;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ApiClientTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static ApiClient client(Duration limit, String... servers) {
        return new ApiClient(List.of(servers).stream().map(URI::create).toList(), limit);
    }

    @Test
    void aServerThatCannotServeIsStoodInForByTheNext() {
        try (CannedServer minority = CannedServer.problem(503, "no majority");
                CannedServer healthy = CannedServer.json(200, "{}")) {
            Answer answer = client(LIMIT, minority.url(), healthy.url()).send(Request.get("/v1/groups"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.server()).isEqualTo(URI.create(healthy.url()));
        }
    }

    @Test
    void aServerThatHangsLeavesTimeForTheNext() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                CannedServer healthy = CannedServer.json(200, "{}")) {
            String hanging = "http://127.0.0.1:" + silent.getLocalPort();
            Answer answer =
                    client(Duration.ofSeconds(2), hanging, healthy.url()).send(Request.get("/v1/groups"));
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Test
    void aWriteThatIsSentAgainKeepsItsIdempotencyKey() {
        try (CannedServer stopping = CannedServer.problem(503, "shutting down");
                CannedServer healthy = CannedServer.json(200, "{}")) {
            client(LIMIT, stopping.url(), healthy.url()).send(Request.write("DELETE", "/v1/x", null));
            assertThat(stopping.seen().getFirst().idempotencyKey())
                    .isNotEmpty()
                    .isEqualTo(healthy.seen().getFirst().idempotencyKey());
        }
    }

    @Test
    void whileALeaderIsElectedTheRoundIsRepeated() {
        AtomicInteger requests = new AtomicInteger();
        try (CannedServer server = new CannedServer(exchange ->
                CannedServer.send(exchange, requests.incrementAndGet() < 3 ? 503 : 200, "application/json", "{}"))) {
            assertThat(client(LIMIT, server.url())
                            .send(Request.get("/v1/groups"))
                            .status())
                    .isEqualTo(200);
            assertThat(requests).hasValue(3);
        }
    }

    @Test
    void aRefusalIsAnAnswerAndNoOtherServerIsAsked() {
        try (CannedServer first = CannedServer.problem(409, "another instance is in");
                CannedServer second = CannedServer.json(200, "{}")) {
            assertThat(client(LIMIT, first.url(), second.url())
                            .send(Request.get("/v1/groups"))
                            .status())
                    .isEqualTo(409);
            assertThat(second.seen()).isEmpty();
        }
    }

    @Test
    void atTheLimitTheLastReasonIsTheFailure() {
        try (CannedServer minority = CannedServer.problem(503, "no majority")) {
            assertThatThrownBy(
                            () -> client(Duration.ofMillis(300), minority.url()).send(Request.get("/v1/groups")))
                    .isInstanceOf(CliFailure.class)
                    .hasMessage("no majority");
        }
    }

    @Test
    void theTimeThatIsLeftIsSharedAmongTheServersThatAreLeft() {
        assertThat(ApiClient.share(9_000_000_000L, 3)).isEqualTo(Duration.ofSeconds(3));
        assertThat(ApiClient.share(6_000_000_000L, 1)).isEqualTo(Duration.ofSeconds(6));
        assertThat(ApiClient.share(-5, 2)).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void serversAreReadFromOneLine() {
        assertThat(ServerList.parse("127.0.0.1:7701, http://b:1/ ,https://[::1]:2"))
                .containsExactly(
                        URI.create("http://127.0.0.1:7701"), URI.create("http://b:1"), URI.create("https://[::1]:2"));
        for (String wrong : List.of("", ",", "ftp://a", "http://a/path", "http://", "a b", "http://a?x")) {
            assertThatThrownBy(() -> ServerList.parse(wrong))
                    .as("%s", wrong)
                    .isInstanceOf(CliFailure.class)
                    .hasMessageContaining("is no server");
        }
    }

    @Test
    void pathsAreEncoded() {
        assertThat(Request.encoded("a/b:c=d")).isEqualTo("a/b:c=d");
        assertThat(Request.encoded("ä ?&%")).isEqualTo("%C3%A4%20%3F%26%25");
        assertThat(Request.get("/x").query("a", "1").query("b", "2 3").path()).isEqualTo("/x?a=1&b=2%203");
    }
}
