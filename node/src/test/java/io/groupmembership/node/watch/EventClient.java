package io.groupmembership.node.watch;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Many streams of events at once, and what came over each. */
final class EventClient implements AutoCloseable {
    /** What one event said; the id is empty where it had none. */
    record Event(String type, String id, String data) {}

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;
    private final int port;

    EventClient(int port, int streams) {
        this.port = port;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setMaxPoolSize(streams).setConnectTimeout(30_000));
    }

    /** One stream. */
    static final class Stream {
        final List<Event> events = new CopyOnWriteArrayList<>();
        private final StringBuilder unread = new StringBuilder();
        volatile int comments;
        volatile boolean ended;
        private volatile @Nullable HttpClientResponse response;

        private synchronized void take(Buffer bytes) {
            unread.append(bytes);
            for (int end = unread.indexOf("\n\n"); end >= 0; end = unread.indexOf("\n\n")) {
                String block = unread.substring(0, end);
                unread.delete(0, end + 2);
                if (block.startsWith(":")) {
                    comments++;
                } else if (block.contains("data: ")) {
                    events.add(new Event(field(block, "event"), field(block, "id"), field(block, "data")));
                }
            }
        }

        private static String field(String block, String name) {
            return block.lines()
                    .filter(line -> line.startsWith(name + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }

        List<String> ids() {
            return events.stream().map(Event::id).toList();
        }

        List<String> types() {
            return events.stream().map(Event::type).toList();
        }

        /** Stops reading: the connection fills up. */
        void pause() {
            Optional.ofNullable(response).orElseThrow().pause();
        }

        void resume() {
            Optional.ofNullable(response).orElseThrow().resume();
        }

        void close() {
            Optional.ofNullable(response).orElseThrow().request().connection().close();
        }
    }

    CompletableFuture<Stream> open(String path, Optional<String> lastEventId) {
        Stream stream = new Stream();
        return client.request(HttpMethod.GET, port, "127.0.0.1", path)
                .compose(request -> {
                    lastEventId.ifPresent(id -> request.putHeader("Last-Event-ID", id));
                    return request.send();
                })
                .map(response -> {
                    if (response.statusCode() != 200) {
                        throw new IllegalStateException("status " + response.statusCode());
                    }
                    stream.response = response;
                    response.handler(stream::take).endHandler(ended -> stream.ended = true);
                    response.exceptionHandler(failure -> stream.ended = true);
                    return stream;
                })
                .toCompletionStage()
                .toCompletableFuture();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
