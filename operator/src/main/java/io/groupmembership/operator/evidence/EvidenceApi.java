package io.groupmembership.operator.evidence;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.node.AnyNode;
import io.groupmembership.protocol.api.EvidenceRequest;
import io.groupmembership.protocol.api.EvidenceResponse;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;

/** Tells the nodes of a cluster. */
final class EvidenceApi {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final AnyNode node;

    EvidenceApi(AnyNode node) {
        this.node = node;
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
        return node.ask(
                "/v1/namespaces/" + group.namespace() + "/groups/" + group.name() + "/evidence",
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)),
                EvidenceApi::removed);
    }

    private static int removed(AnyNode.Response response) throws IOException {
        if (response.status() != 200) {
            throw new IOException(response.node() + " answered with status " + response.status());
        }
        return JSON.readValue(response.body(), EvidenceResponse.class).removed();
    }
}
