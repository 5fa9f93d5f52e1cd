package io.groupmembership.operator.group.follow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** A node's watch over HTTP, with a test in the place of the node. */
final class WatchServer implements AutoCloseable {
    /** What the test sends on a connection; {@link #END} ends it. */
    private static final String END = "\0";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<String> script = new LinkedBlockingQueue<>();
    private final List<Optional<String>> positions = new CopyOnWriteArrayList<>();
    private volatile int watchStatus = 200;
    private volatile boolean answersQuestions = true;

    WatchServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/watch", this::watch);
        server.createContext("/v1/nodes", this::nodes);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Sends text on the connection that is open, or on the next one. */
    void send(String text) {
        script.add(text);
    }

    /** Ends the connection that is open. */
    void end() {
        script.add(END);
    }

    void refuseWith(int status) {
        watchStatus = status;
    }

    void answerNoQuestions() {
        answersQuestions = false;
    }

    /** The Last-Event-ID of each connection so far. */
    List<Optional<String>> positions() {
        return positions;
    }

    private void watch(HttpExchange exchange) throws IOException {
        positions.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Last-Event-ID")));
        if (watchStatus != 200) {
            exchange.sendResponseHeaders(watchStatus, -1);
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (String text = script.take(); !text.equals(END); text = script.take()) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void nodes(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(answersQuestions ? 200 : 503, -1);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
