package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.JoinStream;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Nodes are killed, stopped and paused; what was acknowledged stays, and nobody is told what is not so. */
@ExtendWith(Started.class)
class NodeDeathIT {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

    /** Far more than the timeout, and less than any client's patience. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(15);

    @TempDir
    static Path directory;

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = ProcessCluster.create(
                        directory,
                        "-Dgm.request-timeout=" + REQUEST_TIMEOUT.toMillis() + "ms",
                        "-Dgm.snapshot-entries=60")
                .startAll();
    }

    /** Each test begins with three nodes, whatever came of the one before. */
    @BeforeEach
    void allNodesRun() throws Exception {
        for (String nodeId : cluster.nodeIds()) {
            if (!cluster.isRunning(nodeId)) {
                cluster.start(nodeId);
            }
        }
        awaitAllLive();
        cluster.leader();
    }

    private static void awaitAllLive() {
        await("three live nodes")
                .atMost(ProcessCluster.LIMIT)
                .ignoreExceptions()
                .until(
                        () -> liveNodes(cluster.apis().getFirst()),
                        live -> live == cluster.nodeIds().size());
    }

    private static long liveNodes(NodeApi node) throws IOException, InterruptedException {
        long live = 0;
        for (JsonNode one : node.get("/v1/nodes").json().get("nodes")) {
            live += one.get("live").asBoolean() ? 1 : 0;
        }
        return live;
    }

    private static JsonNode node(String nodeId) throws IOException, InterruptedException {
        for (JsonNode one : cluster.apis().getFirst().get("/v1/nodes").json().get("nodes")) {
            if (one.get("nodeId").asText().equals(nodeId)) {
                return one;
            }
        }
        throw new AssertionError("no node " + nodeId);
    }

    @Test
    void theMembersOfADeadNodeMoveToOtherMonitorsAndStay() throws Exception {
        // given
        Group group = new Group(cluster, "orphans").withPolicy(Group.QUICK);
        try (Listener listener = new Listener()) {
            for (int i = 0; i < 30; i++) {
                group.join(cluster.apis().get(i % 3), "o-" + i, listener.address(), "tcp");
            }
            JsonNode before = group.view();
            String dead = cluster.followers().getFirst();
            assertThat(node(dead).get("members").asInt()).isPositive();

            // when
            cluster.kill(dead);

            // then
            await("the node is seen dead, and without members")
                    .atMost(ProcessCluster.LIMIT)
                    .until(() -> !node(dead).get("live").asBoolean()
                            && node(dead).get("members").asInt() == 0);
            JsonNode after = group.view();
            assertThat(Group.incarnations(after))
                    .as(() -> removalsBetween(group, before, after))
                    .isEqualTo(Group.incarnations(before));
            assertThat(after.get("view")).isEqualTo(before.get("view"));
            assertThat(after.get("members"))
                    .extracting(member -> member.get("monitor").asText())
                    .doesNotContain(dead);
            await("their new monitors reach them")
                    .during(Duration.ofSeconds(3))
                    .atMost(ProcessCluster.LIMIT)
                    .until(() -> group.view().get("view").equals(before.get("view")));

            // when
            cluster.restart(dead);

            // then
            await("it is live again and has members again")
                    .atMost(ProcessCluster.LIMIT)
                    .until(() -> node(dead).get("live").asBoolean()
                            && node(dead).get("members").asInt() > 0);
            assertThat(group.view().get("view")).isEqualTo(before.get("view"));
        }
        group.awaitView(
                "all gone with their listener", view -> view.get("members").isEmpty());
    }

    /** The evidence against those that should have stayed. */
    private static String removalsBetween(Group group, JsonNode before, JsonNode after) {
        return Group.incarnations(before).keySet().stream()
                .filter(memberId -> !Group.incarnations(after).containsKey(memberId))
                .map(memberId -> group.awaitRemoval(memberId).toString())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void noAcknowledgedJoinIsLostOrAppliedTwiceWhenTheLeaderIsKilled() throws Exception {
        Group group = new Group(cluster, "stream-kill").withPolicy(Group.PATIENT);
        String leader = cluster.leader();
        JoinStream joins = new JoinStream(group).start();
        joins.awaitMore(200);

        cluster.kill(leader);

        joins.awaitMore(200);
        joins.stop();
        cluster.restart(leader);
        System.out.println("kill -9 of the leader: " + joins);
        joins.assertAllThereOnce(0);
    }

    @Test
    void aLeaderThatIsAskedToEndHandsOverAndLosesNothing() throws Exception {
        Group group = new Group(cluster, "stream-term").withPolicy(Group.PATIENT);
        String leader = cluster.leader();
        JoinStream joins = new JoinStream(group).start();
        joins.awaitMore(200);

        cluster.terminate(leader);

        joins.awaitMore(200);
        assertThat(cluster.exitStatus(leader)).isIn(0, 143);
        joins.stop();
        cluster.restart(leader);
        System.out.println("SIGTERM of the leader: " + joins);
        joins.assertAllThereOnce(0);
    }

    @Test
    void aMinorityAnswersNeitherReadsNorWritesButSaysSoInTime() throws Exception {
        // given
        Group group = new Group(cluster, "minority").withPolicy(Group.PATIENT);
        group.join(cluster.apis().getFirst(), "m", "127.0.0.1:9", "tcp");
        JsonNode before = group.view();
        String survivor = cluster.followers().getFirst();
        NodeApi node = cluster.api(survivor);

        // when
        cluster.kill(
                cluster.nodeIds().stream().filter(id -> !id.equals(survivor)).toArray(String[]::new));

        // then
        long begunNanos = System.nanoTime();
        List<Answer> refused = allAtOnce(List.of(
                () -> node.get(group.path()),
                () -> node.get("/v1/groups"),
                () -> node.post(group.members(), Group.joiner("n", "127.0.0.1:9", "tcp")),
                () -> node.putText("/v1/namespaces/default/kv/minority", "x"),
                () -> node.delete(group.member("m"))));
        assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isLessThan(ANSWERED_WITHIN);
        assertThat(refused).allSatisfy(answer -> {
            assertThat(answer.status()).as("%s", answer).isEqualTo(503);
            assertThat(answer.isProblem("unavailable") || answer.isProblem("outcome-unknown"))
                    .as("%s", answer)
                    .isTrue();
            assertThat(answer.header("Retry-After")).isNotEmpty();
        });
        Answer stale = node.get(group.path() + "?consistency=stale");
        assertThat(stale.status()).isEqualTo(200);
        assertThat(Group.incarnations(stale.json())).isEqualTo(Group.incarnations(before));
        assertThat(stale.json().get("view")).isEqualTo(before.get("view"));
        assertThat(cluster.isReady(survivor)).isFalse();

        // when
        for (String nodeId : cluster.nodeIds()) {
            if (!cluster.isRunning(nodeId)) {
                cluster.start(nodeId);
            }
        }

        // then
        await("writes again")
                .atMost(ProcessCluster.LIMIT)
                .until(
                        () -> node.putText("/v1/namespaces/default/kv/majority", "x")
                                .status(),
                        status -> status < 300);
        awaitAllLive();
        JsonNode after = group.view();
        assertThat(after.get("members").size()).isLessThanOrEqualTo(2);
    }

    private static List<Answer> allAtOnce(List<Callable<Answer>> requests) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> answer : clients.invokeAll(requests)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    @Test
    void aPausedLeaderIsDeposedAndAnswersNoOldValueWhenItWakesUp() throws Exception {
        // given
        String key = "/v1/namespaces/default/kv/paused";
        assertThat(cluster.apis().getFirst().putText(key, "old").status()).isEqualTo(201);
        String leader = cluster.leader();
        String other = cluster.otherThan(leader);

        // when
        cluster.pause(leader);
        await("another leader takes a write")
                .atMost(ProcessCluster.LIMIT)
                .until(() -> cluster.api(other).putText(key, "new").status(), status -> status == 200);
        List<CompletableFuture<Answer>> reads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            reads.add(cluster.api(leader).getLater(key));
        }
        assertThat(cluster.api(other).get(key).text()).isEqualTo("new");
        cluster.resume(leader);
        for (int i = 0; i < 50; i++) {
            reads.add(CompletableFuture.completedFuture(cluster.api(leader).get(key)));
        }

        // then
        for (CompletableFuture<Answer> read : reads) {
            Answer answer = read.get(ProcessCluster.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.status() == 200) {
                assertThat(answer.text()).isEqualTo("new");
            } else {
                assertThat(answer.status()).as("%s", answer).isEqualTo(503);
            }
        }
        await("the paused node follows")
                .atMost(ProcessCluster.LIMIT)
                .until(() -> cluster.api(leader).get(key), answer -> answer.status() == 200);
        assertThat(cluster.isRunning(leader)).isTrue();
    }

    @Test
    void noAcknowledgedJoinIsLostOrAppliedTwiceWhenTheLeaderIsPaused() throws Exception {
        Group group = new Group(cluster, "stream-pause").withPolicy(Group.PATIENT);
        String leader = cluster.leader();
        JoinStream joins = new JoinStream(
                        group,
                        cluster.nodeIds().stream()
                                .filter(id -> !id.equals(leader))
                                .map(cluster::api)
                                .toList())
                .start();
        joins.awaitMore(200);

        cluster.pause(leader);
        joins.awaitMore(200);
        cluster.resume(leader);

        joins.awaitMore(200);
        joins.stop();
        System.out.println("SIGSTOP and SIGCONT of the leader: " + joins);
        joins.assertAllThereOnce(0);
        // an election takes a second or so; what was sent to the old leader has to go to the new one then
        assertThat(joins.longestGap()).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void everythingIsThereAfterAllNodesWereKilled() throws Exception {
        // given
        Group group = new Group(cluster, "survivors").withPolicy(Group.PATIENT);
        for (int i = 0; i < 10; i++) {
            Map<String, Object> joiner = Group.joiner("s-" + i, "127.0.0.1:" + (7000 + i), "tcp");
            joiner.put("metadata", Map.of("zone", "z-" + i));
            assertThat(cluster.apis().get(i % 3).post(group.members(), joiner).status())
                    .isEqualTo(201);
        }
        assertThat(cluster.apis().getFirst().delete(group.member("s-3")).status())
                .isEqualTo(200);
        String key = "/v1/namespaces/default/kv/survivor/";
        List<String> tags = new ArrayList<>();
        // more entries than a snapshot waits for: linearizable reads are entries too
        for (int i = 0; i < 120; i++) {
            Answer put = cluster.apis().get(i % 3).putText(key + i % 20, "value " + i);
            assertThat(put.status()).isLessThan(300);
            tags.add(put.header("ETag"));
        }
        for (String nodeId : cluster.nodeIds()) {
            await("a snapshot on " + nodeId)
                    .atMost(ProcessCluster.LIMIT)
                    .until(() -> !cluster.files(nodeId).snapshots().isEmpty());
        }
        JsonNode before = group.view();
        JsonNode removal = group.awaitRemoval("s-3");

        // when
        cluster.killAll();
        cluster.restart(cluster.nodeIds().toArray(String[]::new));

        // then
        awaitAllLive();
        JsonNode after = group.awaitView("the view again", view -> true);
        assertThat(withoutMonitors(after)).isEqualTo(withoutMonitors(before));
        assertThat(group.awaitRemoval("s-3")).isEqualTo(removal);
        for (NodeApi node : cluster.apis()) {
            JsonNode policy = node.get(group.path() + "/policy").json();
            assertThat(policy.get("intervalMillis").asInt()).isEqualTo(60_000);
            assertThat(policy.get("misses").asInt()).isEqualTo(10);
            for (int i = 100; i < 120; i++) {
                Answer value = node.get(key + i % 20);
                assertThat(value.text()).isEqualTo("value " + i);
                assertThat(value.header("ETag")).isEqualTo(tags.get(i));
            }
        }
        long highest = Group.incarnations(after).values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
        assertThat(group.join(cluster.apis().getFirst(), "late", "127.0.0.1:9", "tcp"))
                .isGreaterThan(highest);
    }

    /** Nodes that die and live again take members over. */
    private static JsonNode withoutMonitors(JsonNode view) {
        JsonNode copy = view.deepCopy();
        copy.get("members").forEach(member -> ((ObjectNode) member).remove("monitor"));
        return copy;
    }

    @Test
    void aNodeThatWasAwayWhileTheLogWasPurgedCatchesUpFromASnapshot() throws Exception {
        // given
        Group group = new Group(cluster, "purged").withPolicy(Group.PATIENT);
        String away = cluster.followers().getFirst();
        cluster.kill(away);
        group.join(cluster.apis().getFirst(), "p", "127.0.0.1:9", "tcp");
        // a new leader begins a new segment of the log, so that there is a whole one to purge
        String leader = cluster.leader();
        cluster.kill(leader);
        cluster.restart(leader);
        Path first = cluster.files(leader).closedSegments().getFirst();
        String last = "";

        // when
        NodeApi node = cluster.api(leader);
        for (int i = 0; Files.exists(first) || i < 100; i++) {
            last = "value " + i;
            assertThat(node.putText("/v1/namespaces/default/kv/purged", last).status())
                    .isLessThan(300);
            assertThat(i).as("entries until the log is purged").isLessThan(5_000);
        }
        cluster.restart(away);

        // then
        assertThat(cluster.api(away).get("/v1/namespaces/default/kv/purged").text())
                .isEqualTo(last);
        assertThat(Group.incarnations(group.view())).containsOnlyKeys("p");
        awaitAllLive();
    }
}
