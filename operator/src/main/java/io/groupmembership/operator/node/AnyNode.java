package io.groupmembership.operator.node;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Asks the nodes of a cluster, one after the other, until one answers. */
public final class AnyNode {
    /** A node answers within 5 s, or says that it can't. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(6);

    private static final int MOST_BYTES = 64 * 1024;

    private final HttpClient http;
    private final Supplier<List<URI>> nodes;

    /** @param nodes base URLs, asked before each request */
    public AnyNode(HttpClient http, Supplier<List<URI>> nodes) {
        this.http = http;
        this.nodes = nodes;
    }

    /** @param body at most 64 KiB of it */
    public record Response(URI node, int status, String body) {}

    /** What a response comes to. */
    @FunctionalInterface
    public interface Reader<T> {
        /** @throws IOException where another node should be asked */
        T read(Response response) throws IOException;
    }

    /**
     * @param request without its URI
     * @throws IOException the last node's, where none has answered; one may have done what it was asked to
     */
    public <T> T ask(String path, HttpRequest.Builder request, Reader<T> reader)
            throws IOException, InterruptedException {
        IOException last = new IOException("no node is known");
        for (URI node : nodes.get()) {
            try {
                return reader.read(send(
                        node,
                        request.copy()
                                .uri(node.resolve(path))
                                .timeout(ANSWER_WITHIN)
                                .build()));
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private Response send(URI node, HttpRequest request) throws IOException, InterruptedException {
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return new Response(
                        node, response.statusCode(), new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IOException(node + ": " + e.getMessage(), e);
        }
    }
}
