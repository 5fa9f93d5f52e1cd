package io.groupmembership.cli.nodes;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.http.Answer;
import io.groupmembership.cli.http.ApiClient;
import io.groupmembership.cli.http.Connector;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.show.Json;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.api.ConfigurationRequest;
import io.groupmembership.protocol.api.FormRequest;
import io.groupmembership.protocol.api.LeaderRequest;
import io.groupmembership.protocol.api.RaftState;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests to the admin ports of nodes. None of them is sent twice. */
final class AdminApi {
    private static final Duration ASK_LIMIT = Duration.ofSeconds(2);
    private static final Duration TELL_LIMIT = Duration.ofSeconds(6);
    private static final String STATE = "/v1/raft";

    private final Connector connector;

    AdminApi(Connector connector) {
        this.connector = connector;
    }

    /** The base URL of an admin port. */
    URI url(HostPort place) {
        return connector.url(place);
    }

    /** What the node says of itself; empty where it does not answer, or with something else. */
    Optional<RaftState> state(URI node) {
        try {
            Answer answer = new ApiClient(connector, List.of(node), ASK_LIMIT).send(Request.get(STATE));
            return answer.status() == 200 ? Optional.of(Json.read(answer.body(), RaftState.class)) : Optional.empty();
        } catch (CliFailure e) {
            return Optional.empty();
        }
    }

    Optional<Answer> form(URI node, FormRequest request) {
        return ApiClient.once(connector, node, request("POST", STATE + "/form", request), TELL_LIMIT);
    }

    /** @param limit a node that is admitted fetches a snapshot first */
    Optional<Answer> configure(URI leader, ConfigurationRequest request, Duration limit) {
        return ApiClient.once(connector, leader, request("PUT", STATE + "/configuration", request), limit);
    }

    Optional<Answer> moveLeadership(URI leader, String nodeId) {
        return ApiClient.once(
                connector, leader, request("POST", STATE + "/leader", new LeaderRequest(nodeId)), TELL_LIMIT);
    }

    private static Request request(String method, String path, Object body) {
        return new Request(method, path, Map.of(), Json.write(body));
    }
}
