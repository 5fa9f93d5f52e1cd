package io.groupmembership.node.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.groupmembership.node.api.ProblemException;
import io.groupmembership.node.api.Problems;
import io.groupmembership.node.api.StrictJson;
import io.groupmembership.node.identity.Formation;
import io.groupmembership.node.identity.IdentityException;
import io.groupmembership.node.identity.Volume;
import io.groupmembership.node.tls.NodeTls;
import io.groupmembership.protocol.api.FormRequest;
import io.groupmembership.protocol.api.RaftState;
import io.groupmembership.protocol.cluster.NodePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where a node with an empty volume waits to be told which cluster it is of. It says who it is at the admin port and is
 * formed there; at the clients' port it is alive, not ready, and refuses everything else with 503. A node never draws a
 * cluster by itself: two that did would be two clusters.
 */
public final class WaitingRoom implements AutoCloseable {
    private static final int BACKLOG = 16;
    private static final String WAITS = "this node has an empty volume and waits to be formed";

    private final Path dataDirectory;
    private final Volume volume;
    private final RaftState.Peer self;
    private final HttpServer admin;
    private final HttpServer clients;
    private final CompletableFuture<Volume> formed = new CompletableFuture<>();

    private WaitingRoom(Path dataDirectory, Volume volume, String host, String bind, NodePorts ports, NodeTls tls)
            throws IOException {
        this.dataDirectory = dataDirectory;
        this.volume = volume;
        this.self = ports.peer(volume.peerId(), host);
        this.admin = open(bind, ports.admin(), tls.waitingForAdministrators());
        try {
            this.clients = open(bind, ports.http(), tls.waitingForClients());
        } catch (IOException e) {
            admin.stop(0);
            throw e;
        }
        admin.createContext("/", this::serveAdmin);
        clients.createContext("/", WaitingRoom::serveClient);
        admin.start();
        clients.start();
    }

    private static HttpServer open(String bind, int port, Optional<HttpsConfigurator> configurator) throws IOException {
        InetSocketAddress at = new InetSocketAddress(bind, port);
        if (configurator.isEmpty()) {
            return HttpServer.create(at, BACKLOG);
        }
        HttpsServer server = HttpsServer.create(at, BACKLOG);
        server.setHttpsConfigurator(configurator.get());
        return server;
    }

    /**
     * Returns when somebody has formed the node; the volume says so then, and the ports are free again.
     *
     * @param host what others will reach this node by
     * @throws IdentityException where a port can't be opened
     */
    public static Volume await(
            Path dataDirectory, Volume volume, String host, String bind, NodePorts ports, NodeTls tls) {
        System.out.println(
                "gm-node: " + volume.peerId() + " has an empty volume and waits to be formed at port " + ports.admin());
        try (WaitingRoom room = new WaitingRoom(dataDirectory, volume, host, bind, ports, tls)) {
            return room.formed.join();
        } catch (IOException e) {
            throw new IdentityException(
                    "the ports " + ports.admin() + " and " + ports.http() + " can't both be opened: " + e.getMessage());
        }
    }

    private void serveAdmin(HttpExchange exchange) throws IOException {
        Optional<Volume> now = Optional.empty();
        try (exchange) {
            switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
                case "GET /v1/raft" -> answer(exchange, 200, StrictJson.write(state()));
                case "POST /v1/raft/form" -> now = form(exchange);
                default -> refuse(exchange, Problems.unavailable(WAITS));
            }
        }
        // not before the answer has left: this closes the room
        now.ifPresent(formed::complete);
    }

    /** Returns the volume as it is now, where this changed it. One at a time, as this server has one thread. */
    private Optional<Volume> form(HttpExchange exchange) throws IOException {
        try {
            byte[] body = exchange.getRequestBody().readNBytes(AdminRoutes.BODY_BYTES + 1);
            if (body.length > AdminRoutes.BODY_BYTES) {
                throw Problems.bodyTooLarge(AdminRoutes.BODY_BYTES);
            }
            Optional<Formation> wanted = FormRequests.wanted(volume, StrictJson.read(body, FormRequest.class));
            Volume now = volume.form(wanted.orElseThrow(), dataDirectory);
            answer(exchange, 200, StrictJson.write(state()));
            return Optional.of(now);
        } catch (ProblemException e) {
            refuse(exchange, e);
            return Optional.empty();
        } catch (IOException e) {
            refuse(exchange, Problems.unavailable("the volume can't be written: " + e.getMessage()));
            return Optional.empty();
        }
    }

    private RaftState state() {
        return RaftState.withoutServer("", null, 0, volume.nodeId(), self, "unformed");
    }

    private static void serveClient(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/q/health/live") || path.equals("/q/health/started")) {
                answer(exchange, 200, "{\"status\":\"UP\",\"checks\":[]}".getBytes(StandardCharsets.UTF_8));
            } else {
                refuse(exchange, Problems.unavailable(WAITS));
            }
        }
    }

    private static void refuse(HttpExchange exchange, ProblemException problem) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", Problems.MEDIA_TYPE);
        problem.headers().forEach(exchange.getResponseHeaders()::set);
        send(exchange, problem.problem().status(), StrictJson.write(problem.problem()));
    }

    private static void answer(HttpExchange exchange, int status, byte[] json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, status, json);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        admin.stop(0);
        clients.stop(0);
    }
}
