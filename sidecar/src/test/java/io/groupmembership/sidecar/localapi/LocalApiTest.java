package io.groupmembership.sidecar.localapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.clock.BootClock;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import io.groupmembership.sidecar.FakeNode;
import io.groupmembership.sidecar.FakeNode.Answer;
import io.groupmembership.sidecar.FakeNode.Seen;
import io.groupmembership.sidecar.ManualClock;
import io.groupmembership.sidecar.cluster.HttpCall;
import io.groupmembership.sidecar.cluster.NodeList;
import io.groupmembership.sidecar.cluster.NodeRequest;
import io.groupmembership.sidecar.member.GroupPath;
import io.groupmembership.sidecar.member.StatusBoard;
import io.groupmembership.sidecar.member.StatusBoardAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalApiTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private final ManualClock clock = new ManualClock();
    private final StatusBoard board = StatusBoard.withLease("payments/a", _ -> {}, clock);
    private FakeNode node;
    private LocalApi api;

    @BeforeEach
    void open() throws IOException {
        node = new FakeNode();
        api = new LocalApi(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                board,
                new GroupPath("default", "payments", "a"),
                new NodeList(List.of(node.address()), new Random(1)));
    }

    @AfterEach
    void close() {
        api.close();
        node.close();
    }

    private HttpCall open(NodeRequest request) throws IOException {
        HttpCall call = new HttpCall(new HostPort("127.0.0.1", api.address().getPort()));
        call.send(request, LIMIT, LIMIT);
        return call;
    }

    private String get(String path, int expectedStatus) throws IOException {
        try (HttpCall call = open(NodeRequest.get(path))) {
            assertThat(call.status()).isEqualTo(expectedStatus);
            return new String(call.bodyOfAtMost(100_000), StandardCharsets.UTF_8);
        }
    }

    private void confirm(Duration lease) {
        board.confirmed(17, clock.nanos() + lease.toNanos(), DatagramPath.TCP);
    }

    private static String selfJson(StatusBoard board, String state, String lease) {
        return "{\"state\":\"" + state + "\",\"namespace\":\"default\",\"group\":\"payments\",\"memberId\":\"a\","
                + "\"incarnation\":17,\"view\":3,\"leader\":" + state.equals("member") + "," + lease
                + ",\"heartbeatPath\":" + (lease.contains("null") ? "null" : "\"tcp\"")
                + ",\"clock\":\"" + BootClock.system().source().word() + "\",\"instance\":\""
                + board.now().instance() + "\"}";
    }

    @Test
    void selfTellsWhatTheAgentBelieves() throws IOException {
        assertThat(get("/v1/self", 200))
                .startsWith(
                        "{\"state\":\"joining\",\"namespace\":\"default\",\"group\":\"payments\",\"memberId\":\"a\","
                                + "\"incarnation\":null,\"view\":null,\"leader\":false,\"leaseRemainingMillis\":null,"
                                + "\"leaseEndsBoottimeNanos\":null,");

        StatusBoardAccess.member(board, 17, 3, "a");
        String none = "\"leaseRemainingMillis\":null,\"leaseEndsBoottimeNanos\":null";
        assertThat(get("/v1/self", 200)).isEqualTo(selfJson(board, "joining", none));

        confirm(Duration.ofSeconds(12));
        long ends = clock.nanos() + Duration.ofSeconds(12).toNanos();
        clock.advance(Duration.ofSeconds(2));
        assertThat(get("/v1/self", 200))
                .isEqualTo(
                        selfJson(board, "member", "\"leaseRemainingMillis\":10000,\"leaseEndsBoottimeNanos\":" + ends));

        clock.advance(Duration.ofSeconds(10));
        assertThat(get("/v1/self", 200))
                .isEqualTo(selfJson(board, "fenced", "\"leaseRemainingMillis\":0,\"leaseEndsBoottimeNanos\":" + ends));
    }

    @Test
    void readyMeansAMemberWithALeaseAndHealthyMeansAlive() throws IOException {
        get("/healthz", 200);
        assertThat(get("/readyz", 503)).contains("\"status\":503").contains("joining");
        StatusBoardAccess.member(board, 17, 3, "a");
        assertThat(get("/readyz", 503)).contains("joining");
        confirm(Duration.ofSeconds(12));
        get("/readyz", 200);
        clock.advance(Duration.ofSeconds(12));
        assertThat(get("/readyz", 503)).contains("fenced");
        confirm(Duration.ofSeconds(12));
        get("/readyz", 200);
        StatusBoardAccess.removed(board);
        assertThat(get("/readyz", 503)).contains("removed");
        get("/healthz", 200);
    }

    @Test
    void theViewIsANodesAnswer() throws IOException {
        String view = FakeNode.view(3, "a", "a", 17) + " ".repeat(50_000);
        node.view(view);
        assertThat(get("/v1/view", 200)).isEqualTo(view);
        assertThat(node.seen).extracting(Seen::path).containsExactly("/v1/namespaces/default/groups/payments");
    }

    @Test
    void withoutANodeThereIsNoView() throws IOException {
        node.close();
        try (HttpCall call = open(NodeRequest.get("/v1/view"))) {
            assertThat(call.status()).isEqualTo(503);
            assertThat(call.header("Content-Type")).contains("application/problem+json");
            assertThat(call.retryAfter()).isPresent();
        }
    }

    @Test
    void aWatchIsANodesStreamFromWhereTheWatcherWants() throws IOException {
        try (HttpCall call = open(NodeRequest.watch("/v1/watch", "4"))) {
            assertThat(call.status()).isEqualTo(200);
            assertThat(call.header("Content-Type")).contains("text/event-stream");
            node.event("view", 5, "{}");
            StringBuilder read = new StringBuilder();
            while (read.indexOf("data: {}\n\n") < 0) {
                read.append((char) call.body().read());
            }
            assertThat(read).contains(": hello\n\n").contains("event: view\nid: 5\ndata: {}\n\n");
        }
        assertThat(node.watchesSeen()).extracting(Seen::lastEventId).containsExactly("4");
    }

    private static String readUntil(HttpCall call, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            read.append((char) call.body().read());
        }
        return read.toString();
    }

    @Test
    void aWatchTellsOfTheFenceBetweenTheEventsOfTheNode() throws IOException {
        StatusBoardAccess.member(board, 17, 3, "a");
        confirm(Duration.ofSeconds(12));
        try (HttpCall call = open(NodeRequest.watch("/v1/watch", null))) {
            assertThat(readUntil(call, "17}\n\n")).contains("event: member\ndata: {\"incarnation\":17}\n\n");
            clock.advance(Duration.ofSeconds(12));
            board.fenceIfOver();
            assertThat(readUntil(call, "17}\n\n"))
                    .endsWith("\n\nevent: fenced\ndata: {\"incarnation\":17}\n\n".substring(2))
                    .doesNotContain("id:");
            confirm(Duration.ofSeconds(12));
            clock.advance(Duration.ofSeconds(12));
            board.fenceIfOver();
            assertThat(readUntil(call, "event: fenced\n")).contains("event: member\ndata: {\"incarnation\":17}\n\n");
            node.event("view", 5, "{}");
            assertThat(readUntil(call, "data: {}\n\n")).contains("event: view\nid: 5\n");
        }
    }

    /** The agent's event has to wait for the end of the node's. */
    @Test
    void anEventOfTheNodeIsNeverBrokenUp() throws IOException {
        StatusBoardAccess.member(board, 17, 3, "a");
        confirm(Duration.ofSeconds(12));
        try (HttpCall call = open(NodeRequest.watch("/v1/watch", null))) {
            readUntil(call, "17}\n\n");
            node.raw("event: view\ndata: {\"a\":\n");
            readUntil(call, "{\"a\":\n");
            clock.advance(Duration.ofSeconds(12));
            board.fenceIfOver();
            node.raw("data: 1}\n\n");
            assertThat(readUntil(call, "17}\n\n"))
                    .isEqualTo("data: 1}\n\nevent: fenced\ndata: {\"incarnation\":17}\n\n");
        }
    }

    @Test
    void aNodesRefusalOfAWatchIsPassedOn() throws IOException {
        node.onWatch(new Answer(
                404, Map.of("Content-Type", "application/problem+json"), FakeNode.problem(404, "gone", null, null)));
        assertThat(get("/v1/watch", 404)).contains("gone");
    }

    @Test
    void aLastEventIdThatIsNoNumberIsRefused() throws IOException {
        try (HttpCall call = open(NodeRequest.watch("/v1/watch", "four"))) {
            assertThat(call.status()).isEqualTo(400);
        }
        assertThat(node.seen).isEmpty();
    }

    @Test
    void watchersAreCountedAndOneTooManyIsToldToComeLater() throws IOException {
        List<HttpCall> watchers = new ArrayList<>();
        for (int i = 0; i < LocalApi.MOST_WATCHES; i++) {
            watchers.add(open(NodeRequest.watch("/v1/watch", null)));
        }
        try (HttpCall tooMany = open(NodeRequest.watch("/v1/watch", null))) {
            assertThat(tooMany.status()).isEqualTo(429);
            assertThat(tooMany.retryAfter()).isPresent();
        }
        get("/v1/self", 200);
        for (HttpCall watcher : watchers) {
            watcher.close();
        }
        await().until(() -> {
            try (HttpCall again = open(NodeRequest.watch("/v1/watch", null))) {
                return again.status() == 200;
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/,404",
        "GET,/v1,404",
        "GET,/v1/self/x,404",
        "GET,/v1/../healthz,404",
        "DELETE,/v1/nothing,404",
        "POST,/v1/self,405",
        "PUT,/v1/view,405",
        "DELETE,/v1/watch,405",
        "POST,/healthz,405"
    })
    void whatIsNotServedIsRefusedAsAProblem(String method, String path, int status) throws IOException {
        try (HttpCall call = open(NodeRequest.write(method, path, "k", "{}"))) {
            assertThat(call.status()).isEqualTo(status);
            assertThat(call.header("Content-Type")).contains("application/problem+json");
        }
    }
}
