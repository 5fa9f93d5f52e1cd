package io.groupmembership.e2e.client;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.cli.http.SseParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** One connection to a stream of server-sent events, and what has come over it. */
public final class WatchStream implements Started.Part {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private volatile boolean ended;

    /** One event; the data is parsed. */
    public record Event(String id, String type, JsonNode data) {
        public long view() {
            return data.get("view").asLong();
        }
    }

    private WatchStream(HttpClient client, InputStream stream) {
        this.client = client;
        this.reader = Thread.ofVirtual().name("watch").unstarted(() -> read(stream));
    }

    /** @param lastEventId where to go on from, empty for the present */
    public static WatchStream open(NodeApi node, String path, String lastEventId)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.base().resolve(path + "?watch=true"))
                .header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            client.shutdownNow();
            throw new IOException("a watch was answered " + response.statusCode());
        }
        WatchStream watch = Started.add(new WatchStream(client, response.body()));
        watch.reader.start();
        return watch;
    }

    private void read(InputStream stream) {
        SseParser parser = new SseParser(event -> {
            try {
                events.add(new Event(event.id(), event.type(), JSON.readTree(event.data())));
            } catch (IOException e) {
                throw new IllegalStateException("an event is no JSON: " + event, e);
            }
        });
        byte[] bytes = new byte[16 * 1024];
        try (stream) {
            for (int count = stream.read(bytes); count >= 0; count = stream.read(bytes)) {
                parser.feed(bytes, 0, count);
            }
        } catch (IOException e) {
            // the node was killed
        } finally {
            ended = true;
        }
    }

    public List<Event> events() {
        return List.copyOf(events);
    }

    public Event awaitEvent(String what, Predicate<Event> wanted) {
        return await(what)
                .atMost(Nodes.LIMIT)
                .until(() -> events.stream().filter(wanted).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    public void awaitEnd() {
        await("end of the stream").atMost(Nodes.LIMIT).until(() -> ended);
    }

    @Override
    public void end() {
        client.shutdownNow();
        reader.interrupt();
    }

    @Override
    public String lastWords() {
        List<Event> last = events.subList(Math.max(0, events.size() - 3), events.size());
        return "watch: " + events.size() + " events, the last of them " + last;
    }
}
