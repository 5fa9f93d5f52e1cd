package io.groupmembership.operator.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.node.AnyNode;
import io.groupmembership.protocol.api.Policy;
import io.groupmembership.protocol.api.RemovalReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers are a node's, word for word. */
final class NodeApiTest {
    private static final GroupKey ORDERS = new GroupKey("shop", "orders");
    private static final String POLICY = "{\"intervalMillis\":5000,\"misses\":3,\"maxMembers\":100000}";
    private static final String NO_QUORUM =
            "{\"type\":\"urn:groupmembership:problem:unavailable\",\"title\":\"unavailable\",\"status\":503,"
                    + "\"detail\":\"no majority of the nodes answers\"}";
    private static final String REFUSAL =
            "{\"type\":\"urn:groupmembership:problem:invalid-field\",\"title\":\"invalid field\",\"status\":400,"
                    + "\"detail\":\"misses must be 1 to 10, not 11\",\"field\":\"misses\"}";

    private static final String REMOVAL =
            "{\"memberId\":\"orders-0\",\"incarnation\":17,\"view\":8,\"reason\":\"crashed\",\"monitor\":\"node-2\","
                    + "\"committedBy\":\"node-1\",\"removedAt\":\"2026-01-01T00:00:00Z\",\"lastAckMillisAgo\":15010,"
                    + "\"probes\":[{\"by\":\"node-2\",\"path\":\"udp\",\"result\":\"no answer to 4 pings\"}],"
                    + "\"monitorHealth\":{\"leaseOverMillis\":12}}";

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<URI> nodes = new ArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final NodeApi api = new NodeApi(new AnyNode(http, () -> nodes));

    private void givenANodeThatAnswers(int status, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(exchange, status, body));
        server.start();
        servers.add(server);
        nodes.add(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    private void answer(HttpExchange exchange, int status, String body) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
        http.shutdownNow();
    }

    @Test
    void aPolicyIsReadAndWritten() throws Exception {
        givenANodeThatAnswers(200, POLICY);

        assertThat(api.policy(ORDERS)).isEqualTo(new NodeApi.Answer.Is(new Policy(5_000L, 3, 100_000)));
        assertThat(api.putPolicy(ORDERS, new Policy(1_000L, 4, 7))).isInstanceOf(NodeApi.Answer.Is.class);
        assertThat(requests)
                .containsExactly(
                        "GET /v1/namespaces/shop/groups/orders/policy ",
                        "PUT /v1/namespaces/shop/groups/orders/policy"
                                + " {\"intervalMillis\":1000,\"misses\":4,\"maxMembers\":7}");
    }

    @Test
    void aNodeThatCantAnswerNowIsPassedOver() throws Exception {
        givenANodeThatAnswers(503, NO_QUORUM);
        nodes.addFirst(URI.create("http://127.0.0.1:1"));
        givenANodeThatAnswers(200, POLICY);

        assertThat(api.policy(ORDERS)).isInstanceOf(NodeApi.Answer.Is.class);
    }

    @Test
    void whereNoNodeAnswersTheLastReasonIsTold() throws Exception {
        assertThat(api.policy(ORDERS)).isEqualTo(new NodeApi.Answer.Unreachable("no node is known"));
        givenANodeThatAnswers(503, NO_QUORUM);

        assertThat(api.policy(ORDERS)).isEqualTo(new NodeApi.Answer.Unreachable("no majority of the nodes answers"));
    }

    @Test
    void aRefusalIsARefusalWhoeverIsAsked() throws Exception {
        givenANodeThatAnswers(400, REFUSAL);
        givenANodeThatAnswers(200, POLICY);

        assertThat(api.putPolicy(ORDERS, new Policy(1_000L, 11, 7)))
                .isEqualTo(new NodeApi.Answer.Refused("misses must be 1 to 10, not 11"));
    }

    @Test
    void whyAMembershipEndedIsReadWhereTheNodesKnow() throws Exception {
        givenANodeThatAnswers(503, NO_QUORUM);
        givenANodeThatAnswers(200, REMOVAL);
        assertThat(api.removal(ORDERS, "orders-0")).get().satisfies(removal -> {
            assertThat(removal.incarnation()).isEqualTo(17);
            assertThat(RemovalReason.of(removal)).isEqualTo("no answer to node-2");
        });
        assertThat(requests.getLast()).isEqualTo("GET /v1/namespaces/shop/groups/orders/removals/orders-0 ");

        nodes.clear();
        assertThat(api.removal(ORDERS, "orders-0")).isEmpty();
        givenANodeThatAnswers(404, "{}");
        assertThat(api.removal(ORDERS, "orders-0")).isEmpty();
    }

    @Test
    void anAnswerThatIsNoneIsNotTakenForOne() throws Exception {
        givenANodeThatAnswers(200, "<html>");
        assertThat(api.policy(ORDERS)).isInstanceOf(NodeApi.Answer.Unreachable.class);

        givenANodeThatAnswers(418, "<html>");
        nodes.removeFirst();
        assertThat(api.policy(ORDERS)).isEqualTo(new NodeApi.Answer.Refused("the nodes answered with status 418"));
    }
}
