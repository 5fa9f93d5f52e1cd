package io.groupmembership.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on a free port that gives one answer to everything, and remembers what it was asked. */
public final class CannedServer implements AutoCloseable {
    /** A request as it arrived. */
    public record Seen(
            String method,
            String uri,
            String idempotencyKey,
            String ifMatch,
            String ifNoneMatch,
            String lastEventId,
            String body) {}

    /** Answers one request. */
    public interface Script {
        void answer(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    public CannedServer(Script script) {
        this(script, Optional.empty());
    }

    /** @param tls how it speaks TLS; empty where it does not */
    public CannedServer(Script script, Optional<HttpsConfigurator> tls) {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (tls.isPresent()) {
                HttpsServer https = HttpsServer.create(anyPort, 0);
                https.setHttpsConfigurator(tls.get());
                server = https;
            } else {
                server = HttpServer.create(anyPort, 0);
            }
            scheme = tls.isPresent() ? "https" : "http";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                seen.add(new Seen(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        header(exchange, "Idempotency-Key"),
                        header(exchange, "If-Match"),
                        header(exchange, "If-None-Match"),
                        header(exchange, "Last-Event-ID"),
                        body));
                script.answer(exchange);
            }
        });
        server.start();
    }

    /** One that answers always the same JSON. */
    public static CannedServer json(int status, String json) {
        return new CannedServer(exchange ->
                send(exchange, status, status < 300 ? "application/json" : "application/problem+json", json));
    }

    /** One that answers with a problem. */
    public static CannedServer problem(int status, String detail) {
        return json(
                status,
                "{\"type\":\"urn:groupmembership:problem:some\",\"title\":\"some\",\"status\":" + status
                        + ",\"detail\":\"" + detail + "\"}");
    }

    public static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    public String url() {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Seen> seen() {
        return seen;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
