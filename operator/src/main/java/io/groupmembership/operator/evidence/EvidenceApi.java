package io.groupmembership.operator.evidence;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.protocol.api.EvidenceRequest;
import io.groupmembership.protocol.api.EvidenceResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Tells the nodes of a cluster. One after the other is asked until one has done it. */
final class EvidenceApi {
    /** A node answers within 5 s, or says that it can't. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(6);

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final HttpClient http;
    private final Supplier<List<URI>> nodes;

    EvidenceApi(HttpClient http, Supplier<List<URI>> nodes) {
        this.http = http;
        this.nodes = nodes;
    }

    /**
     * @return how many memberships it ended
     * @throws IOException where no node has done it; one may have, and telling it again does no harm
     */
    int give(GroupKey group, List<EvidenceDecision.Ended> ended) throws IOException, InterruptedException {
        List<EvidenceRequest.Ended> members = new ArrayList<>();
        ended.forEach(one ->
                members.add(new EvidenceRequest.Ended(one.memberId(), one.incarnation(), one.failed(), one.detail())));
        byte[] body = JSON.writeValueAsBytes(new EvidenceRequest(ApiGroup.OPERATOR, members));
        IOException last = new IOException("no node is known");
        for (URI node : nodes.get()) {
            try {
                HttpResponse<byte[]> answer = http.send(
                        HttpRequest.newBuilder(node.resolve("/v1/namespaces/" + group.namespace() + "/groups/"
                                        + group.name() + "/evidence"))
                                .timeout(ANSWER_WITHIN)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                if (answer.statusCode() == 200) {
                    return JSON.readValue(answer.body(), EvidenceResponse.class).removed();
                }
                last = new IOException(node + " answered with status " + answer.statusCode());
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }
}
