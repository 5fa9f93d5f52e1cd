package io.groupmembership.cli.training;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.groupmembership.cli.show.Json;
import io.groupmembership.protocol.api.Groups;
import io.groupmembership.protocol.api.KeyVersion;
import io.groupmembership.protocol.api.LeaveResponse;
import io.groupmembership.protocol.api.Member;
import io.groupmembership.protocol.api.MonitoredMembers;
import io.groupmembership.protocol.api.Nodes;
import io.groupmembership.protocol.api.Policy;
import io.groupmembership.protocol.api.Problem;
import io.groupmembership.protocol.api.Removal;
import io.groupmembership.protocol.api.View;
import io.groupmembership.protocol.api.ViewChange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Answers each request of the API with something of the right shape. */
final class MadeUpServer implements AutoCloseable {
    private static final Member MEMBER = new Member("a", "127.0.0.1:7000", 17, "node-1", true, Map.of("zone", "eu-1"));
    private static final String NOW = "2026-01-01T00:00:00Z";

    private final HttpServer server;

    private MadeUpServer(HttpServer server) {
        this.server = server;
    }

    static MadeUpServer start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", MadeUpServer::answer);
        server.start();
        return new MadeUpServer(server);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            boolean watch = String.valueOf(exchange.getRequestURI().getQuery()).contains("watch");
            boolean missing = path.contains("no-such");
            exchange.getResponseHeaders().set("ETag", "\"1\"");
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            watch ? "text/event-stream" : missing ? "application/problem+json" : "application/json");
            byte[] body = watch ? events() : Json.write(missing ? problem() : body(path, exchange.getRequestMethod()));
            exchange.sendResponseHeaders(missing ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Object body(String path, String method) {
        if (path.contains("/kv/")) {
            return new KeyVersion("default", "greeting", 1);
        }
        if (path.endsWith("/policy")) {
            return new Policy(5_000L, 3, 100_000);
        }
        if (path.contains("/removals/")) {
            List<Removal.Probe> probes =
                    List.of(new Removal.Probe("node-1", "udp", "no answer to 3 pings, 900 ms ago"));
            return new Removal(
                    "a", 17, 4, "crashed", "node-1", "node-1", NOW, 15_000L, probes, Map.of("membersSilent", 1L));
        }
        if (path.endsWith("/v1/groups")) {
            return new Groups(List.of(new Groups.Group("default", "demo", 3, 1, "a", NOW)));
        }
        if (path.endsWith("/v1/nodes")) {
            return new Nodes(
                    "node-1",
                    1,
                    List.of(new Nodes.Node(
                            "node-1", "http://127.0.0.1:7701", "127.0.0.1:7731", "0123", "leader", true, 1)));
        }
        if (path.startsWith("/v1/nodes/")) {
            return new MonitoredMembers(
                    "node-1",
                    List.of(new MonitoredMembers.Monitored("default", "demo", "a", 17, 1, "udp", "127.0.0.1:7118")));
        }
        return method.equals("DELETE")
                ? new LeaveResponse("default", "demo", "a", 17, 4)
                : new View("default", "demo", 3, "a", List.of(MEMBER));
    }

    private static Problem problem() {
        return new Problem(Problem.TYPE_PREFIX + "not-found", "not found", 404, "there is no such group", null, null);
    }

    private static byte[] events() {
        View view = new View("default", "demo", 3, "a", List.of(MEMBER));
        ViewChange change = new ViewChange(
                "default", "demo", 4, "a", List.of(MEMBER), List.of(new ViewChange.Left("b", 9, "crashed")));
        String snapshot = new String(Json.write(view), StandardCharsets.UTF_8);
        String next = new String(Json.write(change), StandardCharsets.UTF_8);
        return ("id: 3\nevent: snapshot\ndata: " + snapshot + "\n\nid: 4\nevent: view\ndata: " + next + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
