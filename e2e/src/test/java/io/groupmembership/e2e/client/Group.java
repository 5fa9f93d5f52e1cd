package io.groupmembership.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.groupmembership.e2e.client.NodeApi.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One group, as the nodes of a cluster show it. */
public record Group(Nodes nodes, String namespace, String name) {
    public Group(Nodes nodes, String name) {
        this(nodes, "default", name);
    }

    /** Removes a silent member after 3 s: soon, but not because two cores were busy for a moment. */
    public static final Map<String, Integer> QUICK = Map.of("intervalMillis", 500, "misses", 6);

    /** Removes nobody while a test runs. */
    public static final Map<String, Integer> PATIENT = Map.of("intervalMillis", 60_000, "misses", 10);

    public String path() {
        return "/v1/namespaces/" + namespace + "/groups/" + name;
    }

    public String members() {
        return path() + "/members";
    }

    public String member(String memberId) {
        return members() + "/" + memberId;
    }

    public Group withPolicy(Map<String, Integer> policy) throws IOException, InterruptedException {
        Answer answer = nodes.apis().getFirst().put(path() + "/policy", policy);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return this;
    }

    /** Joins a member without an agent; returns its incarnation. */
    public long join(NodeApi node, String memberId, String address, String heartbeat)
            throws IOException, InterruptedException {
        Answer answer = node.post(members(), joiner(memberId, address, heartbeat));
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        return answer.json().get("incarnation").asLong();
    }

    /** The body of a request to join. */
    public static Map<String, Object> joiner(String memberId, String address, String heartbeat) {
        Map<String, Object> joiner = new LinkedHashMap<>();
        joiner.put("memberId", memberId);
        joiner.put("address", address);
        joiner.put("heartbeat", heartbeat);
        return joiner;
    }

    /** The view that every running node shows, monitors included; waits until they do. */
    public JsonNode view() {
        return awaitView("one view on all nodes", view -> true);
    }

    /** Waits until every node shows the same view, and it is as wanted. */
    public JsonNode awaitView(String what, Predicate<JsonNode> wanted) {
        return await(what)
                .atMost(Nodes.LIMIT)
                .until(this::agreedView, view -> !view.isMissingNode() && wanted.test(view));
    }

    /**
     * Missing where a node can't say, or some are ahead of others. One number for two lists of members is never right;
     * monitors move without a new number.
     */
    private JsonNode agreedView() throws IOException, InterruptedException {
        List<JsonNode> views = new ArrayList<>();
        for (NodeApi node : nodes.apis()) {
            Answer answer;
            try {
                answer = node.get(path());
            } catch (ConnectException e) {
                return MissingNode.getInstance(); // it is starting
            }
            if (answer.status() != 200) {
                assertThat(answer.status()).as("%s", answer).isEqualTo(503);
                return MissingNode.getInstance();
            }
            views.add(answer.json());
        }
        JsonNode first = views.getFirst();
        for (JsonNode view : views) {
            boolean sameNumber = view.get("view").equals(first.get("view"));
            if (sameNumber && !incarnations(view).equals(incarnations(first))) {
                throw new AssertionError("two views under one number: " + first + " and " + view);
            }
        }
        return views.stream().allMatch(first::equals) ? first : MissingNode.getInstance();
    }

    /** The incarnations in a view by memberId. */
    public static Map<String, Long> incarnations(JsonNode view) {
        Map<String, Long> incarnations = new HashMap<>();
        for (JsonNode member : view.get("members")) {
            incarnations.put(
                    member.get("memberId").asText(), member.get("incarnation").asLong());
        }
        return incarnations;
    }

    /** The reason of the last removal of a member, on every node; waits for it. */
    public JsonNode awaitRemoval(String memberId) {
        return await("removal of " + memberId)
                .atMost(Nodes.LIMIT)
                .until(() -> removal(memberId), removal -> !removal.isMissingNode());
    }

    /** What every node says; missing where one knows of no removal, or of another. */
    private JsonNode removal(String memberId) throws IOException, InterruptedException {
        List<JsonNode> removals = new ArrayList<>();
        for (NodeApi node : nodes.apis()) {
            Answer answer = node.get(path() + "/removals/" + memberId);
            removals.add(answer.status() == 200 ? answer.json() : MissingNode.getInstance());
        }
        return removals.stream().allMatch(removals.getFirst()::equals)
                ? removals.getFirst()
                : MissingNode.getInstance();
    }
}
