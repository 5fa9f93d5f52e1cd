package io.groupmembership.sidecar;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node that says what its script says: the peer of an agent under test, on a port of its own. */
public final class FakeNode implements AutoCloseable {
    /** What came in. */
    public record Seen(
            String method,
            String path,
            String body,
            @Nullable String idempotencyKey,
            @Nullable String lastEventId) {}

    /** What goes out. */
    public record Answer(int status, Map<String, String> headers, String body) {
        public static Answer of(int status, String body) {
            return new Answer(status, Map.of(), body);
        }
    }

    private static final String CLOSE = "close the stream";

    private final HttpServer server;
    private final BlockingQueue<Answer> joins = new LinkedBlockingQueue<>();
    private final Queue<Answer> leaves = new ConcurrentLinkedQueue<>();
    private final Queue<Answer> watches = new ConcurrentLinkedQueue<>();
    /** The newest stream's; before the first stream it gathers what that one will begin with. */
    private volatile BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private volatile boolean streamed;
    private volatile boolean quiet;
    public final List<Seen> seen = new CopyOnWriteArrayList<>();
    private volatile String viewBody = "{}";
    private volatile boolean closed;

    public FakeNode() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    public HostPort address() {
        return new HostPort("127.0.0.1", server.getAddress().getPort());
    }

    public String url() {
        return "http://" + address();
    }

    /** The next join gets this answer; without a script a join hangs until the node closes. */
    public FakeNode onJoin(Answer answer) {
        joins.add(answer);
        return this;
    }

    public FakeNode onJoinAdmit(long incarnation, long view) {
        return onJoin(Answer.of(201, joined(incarnation, view)));
    }

    public FakeNode onLeave(Answer answer) {
        leaves.add(answer);
        return this;
    }

    /** The next watch is refused so; without a script it is a stream of what {@link #event} is given. */
    public FakeNode onWatch(Answer answer) {
        watches.add(answer);
        return this;
    }

    public FakeNode view(String body) {
        viewBody = body;
        return this;
    }

    /** For the stream that was seen last. */
    public void event(String name, long id, String data) {
        events.add("event: " + name + "\nid: " + id + "\ndata: " + data + "\n\n");
    }

    /** Bytes for the stream that was seen last, as they are; silence until more come. */
    public void raw(String bytes) {
        quiet = true;
        events.add(bytes);
    }

    public void closeStream() {
        events.add(CLOSE);
    }

    /** With the first of {@link FakeMonitor}'s keys. */
    public static String joined(long incarnation, long view) {
        return joined(incarnation, view, FakeMonitor.KEY);
    }

    public static String joined(long incarnation, long view, HeartbeatKey key) {
        return """
                {"namespace":"default","group":"payments","memberId":"a","incarnation":%d,"view":%d,"monitor":"node-1",\
                "lease":{"intervalMillis":5000,"misses":3},\
                "heartbeat":{"mode":"udp","keyId":%d,"key":"%s","later":{"x":[1]}}}""".formatted(incarnation, view, key.id(), key.base64());
    }

    /** Where the member that joined last wants its heartbeats. */
    public HostPort heartbeatAddress() {
        String body = seen("POST").getLast().body();
        int at = body.indexOf("\"heartbeatAddress\":\"") + 20;
        return HostPort.parse(body.substring(at, body.indexOf('"', at)));
    }

    public static String change(long view, String leader, String leftMember, long leftIncarnation, String reason) {
        return """
                {"namespace":"default","group":"payments","view":%d,"leader":"%s","joined":[],\
                "left":[{"memberId":"%s","incarnation":%d,"reason":"%s"}]}""".formatted(view, leader, leftMember, leftIncarnation, reason);
    }

    public static String view(long view, String leader, String memberId, long incarnation) {
        return """
                {"namespace":"default","group":"payments","view":%d,"leader":"%s","members":[{"memberId":"%s",\
                "address":"10.0.0.1:1","incarnation":%d,"monitor":"node-1","fenced":true,"metadata":{"memberId":"x"}}]}""".formatted(view, leader, memberId, incarnation);
    }

    public static String problem(int status, String detail, @Nullable String field, @Nullable Long incarnation) {
        return "{\"type\":\"urn:groupmembership:problem:x\",\"title\":\"x\",\"status\":" + status + ",\"detail\":\""
                + detail + "\",\"field\":" + (field == null ? "null" : "\"" + field + "\"") + ",\"incarnation\":"
                + incarnation + "}";
    }

    public List<Seen> seen(String method) {
        return seen.stream().filter(s -> s.method().equals(method)).toList();
    }

    public List<Seen> watchesSeen() {
        return seen.stream().filter(s -> s.path().contains("watch=true")).toList();
    }

    private void serve(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Seen request = new Seen(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                body,
                headers.getFirst("Idempotency-Key"),
                headers.getFirst("Last-Event-ID"));
        boolean opensStream = request.path().contains("watch=true") && watches.isEmpty();
        if (opensStream && streamed) {
            events = new LinkedBlockingQueue<>();
        }
        streamed |= opensStream;
        BlockingQueue<String> mine = events;
        seen.add(request);
        try {
            switch (request.method()) {
                case "POST" -> answer(exchange, nextJoin());
                case "DELETE" -> {
                    Answer answer = leaves.poll();
                    answer(exchange, answer == null ? Answer.of(200, "{}") : answer);
                }
                default -> {
                    if (!request.path().contains("watch=true")) {
                        answer(exchange, Answer.of(200, viewBody));
                        return;
                    }
                    Answer refusal = watches.poll();
                    if (refusal != null) {
                        answer(exchange, refusal);
                    } else {
                        stream(exchange, mine);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer nextJoin() throws InterruptedException {
        Answer answer = null;
        while (answer == null && !closed) {
            answer = joins.poll(100, TimeUnit.MILLISECONDS);
        }
        return answer == null ? Answer.of(503, "{}") : answer;
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void stream(HttpExchange exchange, BlockingQueue<String> mine) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(": hello\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            while (!closed) {
                String event = mine.poll(100, TimeUnit.MILLISECONDS);
                if (CLOSE.equals(event)) {
                    return;
                }
                if (event == null && quiet) {
                    continue;
                }
                // an idle stream shows signs of life, which also tells this side that the agent has gone
                out.write((event == null ? ": keepalive\n\n" : event).getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        server.stop(0);
    }
}
