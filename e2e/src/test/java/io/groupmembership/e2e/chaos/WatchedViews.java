package io.groupmembership.e2e.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.cli.http.SseEvent;
import io.groupmembership.cli.http.SseParser;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Watches every change of every group on each node, and compares: one number of a group is one change everywhere,
 * and no stream leaves a number out. A stream that breaks goes on from the last id that it gave.
 */
final class WatchedViews implements Started.Part {
    private static final Duration REST = Duration.ofMillis(200);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> changes = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final Map<NodeApi, Map<String, Long>> seen = new ConcurrentHashMap<>();
    private final List<Thread> readers = new ArrayList<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private volatile boolean ended;

    static WatchedViews of(List<NodeApi> nodes) {
        WatchedViews views = Started.add(new WatchedViews());
        for (NodeApi node : nodes) {
            views.seen.put(node, new ConcurrentHashMap<>());
            views.readers.add(Thread.ofVirtual().name("watch " + node.base()).start(() -> views.follow(node)));
        }
        return views;
    }

    private void follow(NodeApi node) {
        String lastId = "";
        while (!ended) {
            Stream stream = new Stream(node, lastId);
            try {
                HttpRequest.Builder request = HttpRequest.newBuilder(node.base().resolve("/v1/watch"));
                if (!lastId.isEmpty()) {
                    request.header("Last-Event-ID", lastId);
                }
                stream.read(
                        http.send(request.build(), BodyHandlers.ofInputStream()).body());
            } catch (IOException e) {
                // the node was killed, or is not there yet
            } catch (InterruptedException e) {
                return;
            }
            lastId = stream.lastId;
            try {
                TimeUnit.NANOSECONDS.sleep(REST.toNanos());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** One connection. */
    private final class Stream {
        private final NodeApi node;
        private final Map<String, Long> numbers;
        private String lastId;

        Stream(NodeApi node, String lastId) {
            this.node = node;
            this.numbers = Objects.requireNonNull(seen.get(node));
            this.lastId = lastId;
        }

        void read(InputStream in) throws IOException {
            SseParser parser = new SseParser(this::take);
            byte[] bytes = new byte[16 * 1024];
            try (in) {
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    parser.feed(bytes, 0, count);
                }
            }
        }

        private void take(SseEvent event) {
            JsonNode data;
            try {
                data = JSON.readTree(event.data());
            } catch (IOException e) {
                violations.add(node.base() + ": an event is no JSON: " + event);
                return;
            }
            if (!event.id().isEmpty()) {
                lastId = event.id();
            }
            if (!data.has("group")) {
                return;
            }
            String group = data.path("group").asText();
            long number = data.path("view").asLong();
            Long before = numbers.put(group, number);
            if (event.type().equals("view")) {
                if (before != null && number > before + 1) {
                    violations.add(node.base() + ": " + group + " goes from view " + before + " to " + number);
                }
                compare(group + " " + number, change(data).toString());
            }
        }

        private void compare(String what, String change) {
            String first = changes.putIfAbsent(what, change);
            if (first != null && !first.equals(change)) {
                violations.add(what + " is " + first + ", and on " + node.base() + " " + change);
            }
        }
    }

    private static Map<String, String> change(JsonNode data) {
        Map<String, String> change = new TreeMap<>();
        data.path("joined")
                .forEach(member -> change.put(member.path("memberId").asText(), "+" + member.path("incarnation")));
        data.path("left")
                .forEach(member -> change.put(
                        member.path("memberId").asText(),
                        "-" + member.path("incarnation") + " " + member.path("reason")));
        return change;
    }

    /** What was found. */
    List<String> violations() {
        return List.copyOf(violations);
    }

    /** How many changes were compared. */
    int compared() {
        return changes.size();
    }

    /** The groups of which two nodes have not seen the same number last. */
    List<String> behind() {
        Map<String, Long> most = new TreeMap<>();
        seen.values().forEach(groups -> groups.forEach((group, number) -> most.merge(group, number, Math::max)));
        return most.entrySet().stream()
                .filter(group -> seen.values().stream()
                        .anyMatch(groups -> !group.getValue().equals(groups.get(group.getKey()))))
                .map(group -> group.getKey() + " " + group.getValue())
                .toList();
    }

    @Override
    public void end() {
        ended = true;
        readers.forEach(Thread::interrupt);
        http.shutdownNow();
    }

    @Override
    public String lastWords() {
        return "watched: " + changes.size() + " changes, violations " + violations;
    }
}
