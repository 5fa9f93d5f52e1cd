package io.groupmembership.operator.group.follow;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one node's {@code GET /v1/watch}. One thread opens it and reads; any thread may close it, which ends
 * whatever the reader waits for.
 */
final class WatchStream implements AutoCloseable {
    /** The whole of a large cluster is encoded before the first byte of the answer comes. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private final HttpClient http;
    private final URI node;
    private final int mostMembers;
    private volatile long heardNanos = System.nanoTime();
    private volatile @Nullable CompletableFuture<HttpResponse<InputStream>> request;
    private volatile @Nullable InputStream body;
    private volatile boolean closed;
    private @Nullable EventReader reader;

    /** @param node its base URL */
    WatchStream(HttpClient http, URI node, int mostMembers) {
        this.http = http;
        this.node = node;
        this.mostMembers = mostMembers;
    }

    /**
     * Asks for the events behind a position, or for whole views where there is none.
     *
     * @throws IOException where the node does not serve the stream
     */
    void open(OptionalLong position) throws IOException, InterruptedException {
        HttpRequest.Builder get = HttpRequest.newBuilder(node.resolve("/v1/watch"))
                .timeout(ANSWER_WITHIN)
                .header("Accept", "text/event-stream");
        position.ifPresent(id -> get.header("Last-Event-ID", Long.toString(id)));
        CompletableFuture<HttpResponse<InputStream>> asked =
                http.sendAsync(get.build(), HttpResponse.BodyHandlers.ofInputStream());
        request = asked;
        if (closed) {
            asked.cancel(true);
        }
        HttpResponse<InputStream> response = await(asked);
        InputStream stream = response.body();
        body = stream;
        if (closed) {
            stream.close();
        }
        if (response.statusCode() != 200) {
            stream.close();
            throw new IOException(node + " answered " + response.statusCode() + " to the watch");
        }
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (!type.startsWith("text/event-stream")) {
            stream.close();
            throw new IOException(node + " answered the watch with " + type);
        }
        heard();
        reader = new EventReader(stream, this::heard, mostMembers);
    }

    private static HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> asked)
            throws IOException, InterruptedException {
        try {
            return asked.get(ANSWER_WITHIN.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (TimeoutException | java.util.concurrent.CancellationException e) {
            asked.cancel(true);
            throw new IOException("the watch was given up before it was answered", e);
        }
    }

    /** Waits for the next event; empty at the end of the stream. */
    Optional<WatchEvent> next() throws IOException {
        EventReader open = reader;
        if (open == null) {
            throw new IllegalStateException("the stream is not open");
        }
        return open.next();
    }

    private void heard() {
        heardNanos = System.nanoTime();
    }

    /** For how long nothing has come. */
    Duration silentFor() {
        return Duration.ofNanos(System.nanoTime() - heardNanos);
    }

    @Override
    public void close() {
        closed = true;
        CompletableFuture<HttpResponse<InputStream>> asked = request;
        if (asked != null) {
            asked.cancel(true);
        }
        InputStream stream = body;
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException e) {
                // it is gone either way
            }
        }
    }
}
