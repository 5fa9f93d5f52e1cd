package io.groupmembership.e2e.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.e2e.chaos.Caller.Outcome;
import io.groupmembership.e2e.client.Group;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Joins members of a group, has them leave, and reads its view; the group is another every few seconds. */
final class GroupClient implements Client {
    private static final Duration EPOCH = Duration.ofSeconds(8);
    private static final List<String> TYPE = List.of("Content-Type", "application/json");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int client;
    private final String scope;
    private final History history;
    private final Caller caller;
    private final SplittableRandom random;
    private final String address;
    private final long beginNanos = System.nanoTime();
    private final Map<String, Long> mine = new LinkedHashMap<>();
    private String group = "";
    private long members;

    /**
     * @param scope what the names of its groups begin with
     * @param address where members are reached, by TCP
     */
    GroupClient(int client, String scope, History history, Caller caller, SplittableRandom random, String address) {
        this.client = client;
        this.scope = scope;
        this.history = history;
        this.caller = caller;
        this.random = random;
        this.address = address;
    }

    @Override
    public void next() throws IOException, InterruptedException {
        String now = scope + "-" + (System.nanoTime() - beginNanos) / EPOCH.toNanos();
        if (!now.equals(group)) {
            group = now;
            mine.clear();
        }
        int die = random.nextInt(100);
        // one stays, so that the group is not forgotten
        if (die < 30 && mine.size() > 1) {
            leave(mine.keySet().iterator().next());
        } else if (die < 65) {
            join();
        } else {
            view();
        }
    }

    private String path() {
        return "/v1/namespaces/default/groups/" + group;
    }

    private void join() throws IOException, InterruptedException {
        String memberId = Caller.name(client, ++members);
        Operation operation = Operation.begin(client, group, "join").ofMember(memberId, 0);
        byte[] body = JSON.writeValueAsBytes(Group.joiner(memberId, address, "tcp"));
        switch (caller.write("POST", path() + "/members", body, TYPE)) {
            case Outcome.Answered answer -> {
                KeyClient.expect(answer, 201);
                long incarnation = answer.json().path("incarnation").asLong();
                mine.put(memberId, incarnation);
                history.add(operation.changed(
                        incarnation, answer.json().path("view").asLong()));
            }
            case Outcome.Unknown _ -> history.add(operation);
            case Outcome.NotDone _ -> {}
        }
    }

    private void leave(String memberId) throws IOException, InterruptedException {
        Long incarnation = mine.remove(memberId);
        if (incarnation == null) {
            return;
        }
        Operation operation = Operation.begin(client, group, "leave").ofMember(memberId, incarnation);
        String path = path() + "/members/" + memberId + "?incarnation=" + incarnation;
        switch (caller.write("DELETE", path, new byte[0], List.of())) {
            case Outcome.Answered answer -> {
                KeyClient.expect(answer, 200, 404);
                history.add(
                        answer.status() == 200
                                ? operation.changed(
                                        incarnation, answer.json().path("view").asLong())
                                : operation.refused(0));
            }
            case Outcome.Unknown _ -> history.add(operation);
            case Outcome.NotDone _ -> {}
        }
    }

    private void view() throws IOException, InterruptedException {
        Operation operation = Operation.begin(client, group, "view");
        if (caller.read(path()) instanceof Outcome.Answered answer) {
            KeyClient.expect(answer, 200, 404);
            Map<String, Long> incarnations = new HashMap<>();
            long number = 0;
            if (answer.status() == 200) {
                JsonNode view = answer.json();
                incarnations.putAll(Group.incarnations(view));
                number = view.path("view").asLong();
            }
            history.add(operation.viewed(number, incarnations));
        }
    }
}
