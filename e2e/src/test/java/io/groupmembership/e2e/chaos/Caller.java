package io.groupmembership.e2e.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.e2e.client.NodeApi;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends requests to nodes that may be dead, and knows afterwards whether a request took effect, did not, or nobody can
 * say. Half of the writes are sent again under one Idempotency-Key, to any node, until they are answered: those take
 * effect once.
 */
final class Caller {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration PERSISTENCE = Duration.ofSeconds(20);
    private static final Duration REST = Duration.ofMillis(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    private final Supplier<List<NodeApi>> nodes;
    private final SplittableRandom random;

    Caller(Supplier<List<NodeApi>> nodes, SplittableRandom random) {
        this.nodes = nodes;
        this.random = random;
    }

    /** What became of a request. */
    sealed interface Outcome {
        /** A node answered for good. */
        record Answered(int status, long version, String text) implements Outcome {
            JsonNode json() throws IOException {
                return JSON.readTree(text);
            }
        }

        /** It had no effect and never will. */
        record NotDone() implements Outcome {}

        /** It may have had its effect, or may yet have it. */
        record Unknown() implements Outcome {}
    }

    Outcome read(String path) throws InterruptedException {
        return once("GET", path, new byte[0], List.of());
    }

    Outcome write(String method, String path, byte[] body, List<String> headers) throws InterruptedException {
        return random.nextBoolean() ? once(method, path, body, headers) : persist(method, path, body, headers);
    }

    /** Sends a write again until it is answered. */
    Outcome persist(String method, String path, byte[] body, List<String> headers) throws InterruptedException {
        List<String> repeatable = new ArrayList<>(headers);
        repeatable.addAll(List.of("Idempotency-Key", UUID.randomUUID().toString()));
        long deadlineNanos = System.nanoTime() + PERSISTENCE.toNanos();
        boolean unknown = false;
        while (System.nanoTime() - deadlineNanos < 0) {
            Outcome outcome = once(method, path, body, repeatable);
            if (outcome instanceof Outcome.Answered) {
                return outcome;
            }
            unknown |= outcome instanceof Outcome.Unknown;
            TimeUnit.NANOSECONDS.sleep(REST.toNanos());
        }
        return unknown ? new Outcome.Unknown() : new Outcome.NotDone();
    }

    private Outcome once(String method, String path, byte[] body, List<String> headers) throws InterruptedException {
        List<NodeApi> choice = nodes.get();
        if (choice.isEmpty()) {
            TimeUnit.NANOSECONDS.sleep(REST.toNanos());
            return new Outcome.NotDone();
        }
        NodeApi node = choice.get(random.nextInt(choice.size()));
        HttpRequest.Builder request = HttpRequest.newBuilder(node.base().resolve(path))
                .timeout(LIMIT)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.size(); i += 2) {
            request.header(headers.get(i), headers.get(i + 1));
        }
        try {
            return outcome(HTTP.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return new Outcome.NotDone();
        } catch (IOException e) {
            return new Outcome.Unknown();
        }
    }

    private static Outcome outcome(HttpResponse<byte[]> response) throws IOException {
        int status = response.statusCode();
        if (status == 429) {
            return new Outcome.NotDone();
        }
        if (status == 503) {
            String type = JSON.readTree(response.body()).path("type").asText();
            return type.endsWith(":outcome-unknown") ? new Outcome.Unknown() : new Outcome.NotDone();
        }
        long version = response.headers()
                .firstValue("ETag")
                .map(tag -> Long.parseLong(tag.replace("\"", "")))
                .orElse(0L);
        return new Outcome.Answered(status, version, new String(response.body(), StandardCharsets.UTF_8));
    }

    /** A name that is never drawn twice. */
    static String name(int client, long number) {
        return String.format(Locale.ROOT, "c%d-%d", client, number);
    }
}
