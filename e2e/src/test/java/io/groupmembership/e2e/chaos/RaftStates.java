package io.groupmembership.e2e.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.Nodes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** What nodes say of the Raft group, asked one after the other. */
record RaftStates(Map<String, JsonNode> byNode) {
    static RaftStates of(List<RigNode> nodes) throws IOException, InterruptedException {
        Map<String, JsonNode> states = new LinkedHashMap<>();
        for (RigNode node : nodes) {
            states.put(node.nodeId, node.raft());
        }
        return new RaftStates(states);
    }

    /** Waits until the nodes name one leader, one of them, in one term. */
    static RaftStates awaitAgreement(List<RigNode> nodes) {
        return await("agreement on a leader", nodes, RaftStates::agree);
    }

    /** Waits until all nodes answer, and as wanted. */
    static RaftStates await(String what, List<RigNode> nodes, Predicate<RaftStates> wanted) {
        return Awaitility.await(what)
                .atMost(Nodes.LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> of(nodes), wanted);
    }

    private boolean agree() {
        return terms().size() == 1
                && leading().size() == 1
                && byNode.values().stream()
                        .allMatch(state -> state.path("leader").asText().equals(leader()));
    }

    /** The nodes that say that they lead. */
    List<String> leading() {
        return byNode.entrySet().stream()
                .filter(state -> state.getValue().path("role").asText().equals("leader"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The one that leads, where the nodes agree. */
    String leader() {
        return leading().getFirst();
    }

    /** All terms that are named. */
    List<Long> terms() {
        return byNode.values().stream()
                .map(state -> state.path("term").asLong())
                .distinct()
                .toList();
    }

    /** The term, where the nodes agree. */
    long term() {
        return terms().getFirst();
    }
}
