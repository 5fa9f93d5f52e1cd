package io.groupmembership.operator.group;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.protocol.api.Policy;
import io.groupmembership.protocol.api.Problem;
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

/** Policies at the nodes. Any node answers; one after the other is asked until one does. */
final class NodeApi {
    /** A node answers within 5 s, or says that it can't. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(6);

    private static final int MOST_BYTES = 64 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    /** What came of a request. */
    sealed interface Answer {
        record Is(Policy policy) implements Answer {}

        record Refused(String detail) implements Answer {}

        record Unreachable(String detail) implements Answer {}
    }

    private record Response(int status, String body) {
        boolean isTemporary() {
            return status == 429 || status == 503 || status == 502 || status == 504;
        }
    }

    private final HttpClient http;
    private final Supplier<List<URI>> nodes;

    NodeApi(HttpClient http, Supplier<List<URI>> nodes) {
        this.http = http;
        this.nodes = nodes;
    }

    Answer policy(GroupKey group) throws InterruptedException {
        return ask(group, HttpRequest.newBuilder().GET());
    }

    Answer putPolicy(GroupKey group, Policy policy) throws InterruptedException, IOException {
        return ask(
                group,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(policy))));
    }

    private Answer ask(GroupKey group, HttpRequest.Builder request) throws InterruptedException {
        String path = "/v1/namespaces/" + group.namespace() + "/groups/" + group.name() + "/policy";
        Answer last = new Answer.Unreachable("no node is known");
        for (URI node : nodes.get()) {
            try {
                Response response = send(request.copy()
                        .uri(node.resolve(path))
                        .timeout(ANSWER_WITHIN)
                        .build());
                if (response.status() == 200) {
                    return new Answer.Is(JSON.readValue(response.body(), Policy.class));
                }
                if (!response.isTemporary()) {
                    return new Answer.Refused(detail(response));
                }
                last = new Answer.Unreachable(detail(response));
            } catch (IOException e) {
                last = new Answer.Unreachable(node + ": " + e.getMessage());
            }
        }
        return last;
    }

    private Response send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            return new Response(response.statusCode(), new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
        }
    }

    private static String detail(Response response) {
        try {
            return JSON.readValue(response.body(), Problem.class).detail();
        } catch (IOException e) {
            return "the nodes answered with status " + response.status();
        }
    }
}
