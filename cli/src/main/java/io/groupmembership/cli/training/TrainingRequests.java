package io.groupmembership.cli.training;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.http.Answer;
import io.groupmembership.cli.http.ApiClient;
import io.groupmembership.cli.http.ApiPath;
import io.groupmembership.cli.http.Connector;
import io.groupmembership.cli.http.EventStream;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.show.Json;
import io.groupmembership.protocol.api.BatchJoinRequest;
import io.groupmembership.protocol.api.JoinRequest;
import io.groupmembership.protocol.api.Policy;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Each kind of request that clients send, some times, to one node. A refused one is no reason to stop: others follow. */
final class TrainingRequests {
    private static final String NAMESPACE = "default";
    private static final String GROUP = "training";
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int ROUNDS = 20;

    private final List<URI> node;

    TrainingRequests(URI node) {
        this.node = List.of(node);
    }

    /** Sends them one after the other and prints the statuses. */
    void send(PrintStream out) throws InterruptedException {
        ApiClient client = new ApiClient(node, LIMIT);
        for (int round = 0; round < ROUNDS; round++) {
            for (Request request : requests(round)) {
                try {
                    Answer answer = client.send(request);
                    out.println(request.method() + " " + request.path() + " " + answer.status());
                } catch (CliFailure e) {
                    out.println(request.method() + " " + request.path() + " " + e.line());
                }
            }
        }
        try {
            new EventStream(Connector.PLAIN, node, LIMIT, "", out::println)
                    .follow(Request.get(ApiPath.group(NAMESPACE, GROUP)).query("watch", "true"), _ -> false);
        } catch (CliFailure e) {
            out.println("watch " + e.line());
        }
    }

    private static List<Request> requests(int round) {
        List<Request> requests = new ArrayList<>();
        String members = ApiPath.members(NAMESPACE, GROUP);
        String key = ApiPath.key(NAMESPACE, "training/key");
        requests.add(Request.write("PUT", ApiPath.policy(NAMESPACE, GROUP), Json.write(new Policy(5_000L, 3, 1_000))));
        requests.add(Request.write("POST", members, Json.write(join("m-" + round))));
        List<JoinRequest> batch = List.of(join("b-" + round), join("c-" + round));
        requests.add(
                Request.write("POST", members + ":batch", Json.write(new BatchJoinRequest(new ArrayList<>(batch)))));
        requests.add(Request.get(ApiPath.group(NAMESPACE, GROUP)));
        requests.add(Request.get(ApiPath.GROUPS));
        requests.add(Request.get(ApiPath.NODES));
        requests.add(Request.get(ApiPath.nodeMembers("node-1")));
        requests.add(Request.write("PUT", key, "value".getBytes(StandardCharsets.UTF_8))
                .header("Content-Type", "application/octet-stream"));
        requests.add(Request.get(key));
        requests.add(Request.write("DELETE", key, null));
        requests.add(Request.write("DELETE", ApiPath.member(NAMESPACE, GROUP, "m-" + round), null));
        requests.add(Request.get(ApiPath.removal(NAMESPACE, GROUP, "m-" + round)));
        requests.add(Request.get("/q/metrics"));
        requests.add(Request.get("/q/openapi"));
        return requests;
    }

    private static JoinRequest join(String memberId) {
        return new JoinRequest(
                memberId, "127.0.0.1:9", "udp", "127.0.0.1:9", UUID.randomUUID().toString(), null, Map.of("zone", "a"));
    }
}
