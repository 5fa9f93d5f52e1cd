package io.groupmembership.operator.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.groupmembership.operator.node.NodeHttp;
import io.groupmembership.protocol.api.ConfigurationRequest;
import io.groupmembership.protocol.api.FormRequest;
import io.groupmembership.protocol.api.LeaderRequest;
import io.groupmembership.protocol.api.Problem;
import io.groupmembership.protocol.api.RaftState;
import io.groupmembership.protocol.api.RecoverRequest;
import java.io.IOException;
import java.io.Serial;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin ports of a cluster's nodes, at the addresses of their pods. */
final class NodeAdmin {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAdmin.class);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(2);
    private static final Duration TELL_LIMIT = Duration.ofSeconds(5);

    /** The node closes its log first. */
    private static final Duration RECOVER_LIMIT = Duration.ofSeconds(20);

    /** A node that is admitted fetches a snapshot first; the nodes themselves give up after 90 s. */
    private static final Duration CHANGE_LIMIT = Duration.ofSeconds(95);

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private final NodeHttp http;

    NodeAdmin(NodeHttp http) {
        this.http = http;
    }

    /** A node said no; the message says why. */
    static final class RefusedException extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    /** What the node says of itself; empty where it does not answer. Never fails. */
    CompletableFuture<Optional<RaftState>> state(String podAddress) {
        return http.client()
                .sendAsync(
                        request(podAddress, "/v1/raft", ASK_LIMIT).GET().build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(NodeAdmin::raftState)
                .exceptionally(failure -> {
                    LOG.debug("{} does not answer: {}", podAddress, failure.toString());
                    return Optional.empty();
                });
    }

    private static Optional<RaftState> raftState(HttpResponse<byte[]> answer) {
        try {
            return answer.statusCode() == 200
                    ? Optional.of(JSON.readValue(answer.body(), RaftState.class))
                    : Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} answers with something else than a Raft state: {}", answer.uri(), e.toString());
            return Optional.empty();
        }
    }

    void form(String podAddress, FormRequest request) throws IOException, InterruptedException {
        send(podAddress, "POST", "/v1/raft/form", request, TELL_LIMIT);
    }

    void recover(String podAddress, RecoverRequest request) throws IOException, InterruptedException {
        send(podAddress, "POST", "/v1/raft/recover", request, RECOVER_LIMIT);
    }

    void configure(String podAddress, ConfigurationRequest request) throws IOException, InterruptedException {
        send(podAddress, "PUT", "/v1/raft/configuration", request, CHANGE_LIMIT);
    }

    void moveLeadership(String podAddress, String toNodeId) throws IOException, InterruptedException {
        send(podAddress, "POST", "/v1/raft/leader", new LeaderRequest(toNodeId), TELL_LIMIT);
    }

    private void send(String podAddress, String method, String path, Object body, Duration limit)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.client()
                .send(
                        request(podAddress, path, limit)
                                .header("Content-Type", "application/json")
                                .method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 500) {
            throw new IOException(detail(answer));
        }
        if (answer.statusCode() >= 300) {
            throw new RefusedException(detail(answer));
        }
    }

    private static String detail(HttpResponse<byte[]> answer) {
        try {
            return JSON.readValue(answer.body(), Problem.class).detail();
        } catch (IOException e) {
            return "HTTP status " + answer.statusCode();
        }
    }

    private HttpRequest.Builder request(String podAddress, String path, Duration limit) {
        return HttpRequest.newBuilder(
                        http.node(podAddress, ClusterNames.PORTS.admin()).resolve(path))
                .timeout(limit);
    }
}
