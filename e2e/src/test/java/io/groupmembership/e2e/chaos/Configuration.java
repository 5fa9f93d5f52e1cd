package io.groupmembership.e2e.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.NodeApi.Answer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The Raft configuration of a rig, as its leader is asked to change it. */
final class Configuration {
    private Configuration() {}

    /** Takes the next step to a configuration of these nodes; returns which, empty where it is reached. */
    static Optional<String> step(RigNode leader, List<RigNode> members) throws IOException, InterruptedException {
        JsonNode state = leader.raft();
        Map<String, Map<String, String>> now = of(state);
        for (RigNode member : members) {
            Map<String, String> peer = member.peer(member.raft().path("peerId").asText());
            if (!peer.equals(now.get(member.nodeId))) {
                Map<String, Map<String, String>> next = new LinkedHashMap<>(now);
                next.put(member.nodeId, peer);
                return Optional.of("admit " + member.nodeId + ": " + change(leader, now, next));
            }
        }
        for (String nodeId : now.keySet()) {
            if (members.stream().noneMatch(member -> member.nodeId.equals(nodeId))) {
                if (leader.nodeId.equals(nodeId)) {
                    return Optional.of("move leadership: " + transfer(leader, members.getFirst()));
                }
                Map<String, Map<String, String>> next = new LinkedHashMap<>(now);
                next.remove(nodeId);
                return Optional.of("remove " + nodeId + ": " + change(leader, now, next));
            }
        }
        return state.path("oldPeers").isEmpty() ? Optional.empty() : Optional.of("a change is under way");
    }

    /** The peers that a node knows, by nodeId. */
    static Map<String, Map<String, String>> of(JsonNode state) {
        Map<String, Map<String, String>> peers = new LinkedHashMap<>();
        for (JsonNode peer : state.path("peers")) {
            String peerId = peer.path("peerId").asText();
            Map<String, String> fields = new LinkedHashMap<>();
            peer.properties()
                    .forEach(
                            field -> fields.put(field.getKey(), field.getValue().asText()));
            peers.put(peerId.substring(0, peerId.indexOf('.')), fields);
        }
        return peers;
    }

    /** Asks the leader for another configuration; answered when it is in force. */
    static Answer change(RigNode leader, Map<String, Map<String, String>> now, Map<String, Map<String, String>> next)
            throws IOException, InterruptedException {
        List<String> expected = now.values().stream()
                .map(peer -> Objects.requireNonNull(peer.get("peerId")))
                .toList();
        return leader.admin()
                .put("/v1/raft/configuration", Map.of("expected", expected, "peers", List.copyOf(next.values())));
    }

    /** Has another node lead. */
    static Answer transfer(RigNode leader, RigNode to) throws IOException, InterruptedException {
        return leader.admin().post("/v1/raft/leader", Map.of("nodeId", to.nodeId));
    }
}
