package io.groupmembership.sidecar.localapi;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.api.Problem;
import io.groupmembership.sidecar.cluster.ClusterJson;
import io.groupmembership.sidecar.cluster.HttpCall;
import io.groupmembership.sidecar.cluster.NodeList;
import io.groupmembership.sidecar.cluster.NodeRequest;
import io.groupmembership.sidecar.member.GroupPath;
import io.groupmembership.sidecar.member.Self;
import io.groupmembership.sidecar.member.StatusBoard;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * What the agent serves to its own application. It tells what it knows by itself at once, and passes questions about
 * the group on to a node: an agent keeps no copy of a view that could grow old.
 *
 * <p>At most {@value #MOST_CONNECTIONS} connections, {@value #MOST_WATCHES} of them watching. A watcher that stops
 * reading is cut off after an hour like every other, and resumes with Last-Event-ID.
 */
public final class LocalApi implements Closeable {
    static final int MOST_CONNECTIONS = 64;
    static final int MOST_WATCHES = 16;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(45);
    private static final int LONGEST_EVENT_ID = 20;

    static {
        // the server reads its bounds from the system's properties, once
        System.setProperty("jdk.httpserver.maxConnections", Integer.toString(MOST_CONNECTIONS));
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "3600");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore watches = new Semaphore(MOST_WATCHES);
    private final StatusBoard board;
    private final GroupPath path;
    private final NodeList nodes;

    /** Binds and serves. Port 0 for any free one. */
    public LocalApi(InetSocketAddress address, StatusBoard board, GroupPath path, NodeList nodes) throws IOException {
        this.board = board;
        this.path = path;
        this.nodes = nodes;
        this.server = HttpServer.create(address, MOST_CONNECTIONS);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Closes what was answered in full. Where an answer breaks off, the server breaks the connection off. */
    private void serve(HttpExchange exchange) throws IOException {
        String asked = exchange.getRequestURI().getPath();
        boolean known = switch (asked) {
            case "/v1/self", "/v1/view", "/v1/watch", "/healthz", "/readyz" -> true;
            default -> false;
        };
        if (!known) {
            refuse(exchange, 404, "not-found", "there is no such path here");
        } else if (!exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders().set("Allow", "GET");
            refuse(exchange, 405, "method-not-allowed", "this path answers to GET only");
        } else {
            switch (asked) {
                case "/v1/self" -> answer(exchange, 200, "application/json", selfJson());
                case "/v1/view" -> passView(exchange);
                case "/v1/watch" -> passWatch(exchange);
                case "/healthz" -> ProbeApi.alive(exchange);
                default -> ProbeApi.ready(exchange, board);
            }
        }
        exchange.close();
    }

    private String selfJson() {
        Self self = board.now();
        return ClusterJson.object(json -> {
            json.writeStringField("state", self.state().word());
            json.writeStringField("namespace", path.namespace());
            json.writeStringField("group", path.group());
            json.writeStringField("memberId", path.memberId());
            if (self.incarnation() > 0) {
                json.writeNumberField("incarnation", self.incarnation());
                json.writeNumberField("view", self.view());
            } else {
                json.writeNullField("incarnation");
                json.writeNullField("view");
            }
            json.writeBooleanField("leader", self.leads(path.memberId()));
            json.writeStringField("instance", self.instance().toString());
        });
    }

    private void passView(HttpExchange exchange) throws IOException {
        for (HostPort node : nodes.inTurn()) {
            try (HttpCall call = new HttpCall(node)) {
                if (opens(call, NodeRequest.get(path.view()))) {
                    pass(exchange, call, "application/json");
                    return;
                }
            }
        }
        refuseWithoutNode(exchange);
    }

    private void passWatch(HttpExchange exchange) throws IOException {
        String lastEventId = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        boolean number = lastEventId == null
                || (!lastEventId.isEmpty()
                        && lastEventId.length() <= LONGEST_EVENT_ID
                        && lastEventId.chars().allMatch(c -> c >= '0' && c <= '9'));
        if (!number) {
            refuse(exchange, 400, "invalid", "Last-Event-ID must be the number of a view");
            return;
        }
        if (!watches.tryAcquire()) {
            exchange.getResponseHeaders().set("Retry-After", "5");
            refuse(exchange, 429, "too-many-watchers", "at most " + MOST_WATCHES + " watch at a time");
            return;
        }
        try {
            for (HostPort node : nodes.inTurn()) {
                try (HttpCall call = new HttpCall(node)) {
                    if (opens(call, NodeRequest.watch(path.watch(), lastEventId))) {
                        call.limitEachRead(SILENCE_LIMIT);
                        pass(exchange, call, "text/event-stream");
                        return;
                    }
                }
            }
            refuseWithoutNode(exchange);
        } finally {
            watches.release();
        }
    }

    /** Whether the node has an answer, be it yes or no. Where it can't say, another one may. */
    private boolean opens(HttpCall call, NodeRequest request) {
        try {
            call.send(request, CONNECT_LIMIT, ANSWER_LIMIT);
            return call.status() < 500 && call.status() != 429;
        } catch (IOException e) {
            nodes.failed(call.node());
            return false;
        }
    }

    /** Passes status and body on as they come. A body that breaks off breaks off here too. */
    private static void pass(HttpExchange exchange, HttpCall call, String otherwiseType) throws IOException {
        String type = call.header("Content-Type").orElse(otherwiseType);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(call.status(), 0);
        InputStream in = call.body();
        OutputStream out = exchange.getResponseBody();
        byte[] buffer = new byte[8 * 1024];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            out.flush();
        }
    }

    private static void refuseWithoutNode(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", "1");
        refuse(exchange, 503, "no-node", "no node answers for the group now");
    }

    static void refuse(HttpExchange exchange, int status, String code, String detail) throws IOException {
        String problem = ClusterJson.object(json -> {
            json.writeStringField("type", Problem.TYPE_PREFIX + code);
            json.writeStringField("title", code.replace('-', ' '));
            json.writeNumberField("status", status);
            json.writeStringField("detail", detail);
        });
        answer(exchange, status, "application/problem+json", problem);
    }

    static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
