package io.groupmembership.operator.group;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.node.AnyNode;
import io.groupmembership.protocol.api.Policy;
import io.groupmembership.protocol.api.Problem;
import io.groupmembership.protocol.api.Removal;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.Optional;

/** Policies at the nodes, and why memberships ended. */
final class NodeApi {
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

    private final AnyNode node;

    NodeApi(AnyNode node) {
        this.node = node;
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

    /** Of the last membership under this id; empty where the nodes have no record, or can't be asked now. */
    Optional<Removal> removal(GroupKey group, String memberId) throws InterruptedException {
        try {
            return node.ask(
                    path(group) + "/removals/" + memberId,
                    HttpRequest.newBuilder().GET(),
                    response -> switch (response.status()) {
                        case 200 -> Optional.of(JSON.readValue(response.body(), Removal.class));
                        case 404 -> Optional.empty();
                        default -> throw new IOException(detail(response));
                    });
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String path(GroupKey group) {
        return "/v1/namespaces/" + group.namespace() + "/groups/" + group.name();
    }

    private Answer ask(GroupKey group, HttpRequest.Builder request) throws InterruptedException {
        try {
            return node.ask(path(group) + "/policy", request, NodeApi::answer);
        } catch (IOException e) {
            return new Answer.Unreachable(String.valueOf(e.getMessage()));
        }
    }

    private static Answer answer(AnyNode.Response response) throws IOException {
        return switch (response.status()) {
            case 200 -> new Answer.Is(JSON.readValue(response.body(), Policy.class));
            case 429, 502, 503, 504 -> throw new IOException(detail(response));
            default -> new Answer.Refused(detail(response));
        };
    }

    private static String detail(AnyNode.Response response) {
        try {
            return JSON.readValue(response.body(), Problem.class).detail();
        } catch (IOException e) {
            return "the nodes answered with status " + response.status();
        }
    }
}
