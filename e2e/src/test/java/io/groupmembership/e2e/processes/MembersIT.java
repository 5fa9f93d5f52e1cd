package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real agents and plain programs come, go, and are killed. */
@ExtendWith(Started.class)
class MembersIT {
    /** More than the time in which a silent member of a quick group is removed. */
    private static final Duration LONGER_THAN_A_REMOVAL = Duration.ofSeconds(3);

    @TempDir
    static Path directory;

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = ProcessCluster.create(directory).startAll();
    }

    private static AgentProcess agent(Group group, String id, String... more) throws IOException {
        return AgentProcess.join(directory, cluster.urls(), group.name(), id, more);
    }

    @Test
    void allNodesShowOneViewOfMembersThatJoinedThroughDifferentNodesAndOnlyTheKilledAndTheLeavingGo() throws Exception {
        // given
        Group group = new Group(cluster, "workers").withPolicy(Group.QUICK);
        List<AgentProcess> agents = new ArrayList<>();
        Map<String, Long> joined = new HashMap<>();
        for (int i = 0; i < 6; i++) {
            String node = cluster.nodeIds().get(i % cluster.nodeIds().size());
            agents.add(AgentProcess.join(directory, cluster.url(node).toString(), group.name(), "w-" + i));
        }
        for (AgentProcess agent : agents) {
            joined.put(agent.id(), agent.incarnation());
        }
        JsonNode full =
                group.awaitView("all members", view -> view.get("members").size() == agents.size());
        assertThat(Group.incarnations(full)).isEqualTo(joined);
        assertThat(full.get("leader").asText())
                .isEqualTo(full.get("members").get(0).get("memberId").asText());
        assertThat(full.get("members"))
                .extracting(member -> member.get("incarnation").asLong())
                .isSorted();

        // when
        agents.get(0).kill();
        agents.get(2).terminate();
        agents.get(3).terminate();
        group.awaitView("three members", view -> view.get("members").size() == 3);
        // while the first was missed this one was heard: the first may have gone before it was ever pinged
        agents.get(1).kill();

        // then
        JsonNode rest =
                group.awaitView("two members", view -> view.get("members").size() == 2);
        joined.keySet().removeAll(List.of("w-0", "w-1", "w-2", "w-3"));
        assertThat(Group.incarnations(rest)).isEqualTo(joined);
        assertThat(agents.get(2).exitStatus()).isZero();
        assertThat(agents.get(2).output()).contains("left workers/w-2");
        for (String left : List.of("w-2", "w-3")) {
            assertThat(group.awaitRemoval(left).get("reason").asText()).isEqualTo("left");
        }
        for (String crashed : List.of("w-0", "w-1")) {
            JsonNode removal = group.awaitRemoval(crashed);
            assertThat(removal.get("reason").asText()).isEqualTo("crashed");
            assertThat(removal.get("probes")).isNotEmpty();
            assertThat(cluster.nodeIds())
                    .contains(
                            removal.get("monitor").asText(),
                            removal.get("committedBy").asText());
        }
        assertThat(group.awaitRemoval("w-1").get("lastAckMillisAgo").asLong()).isPositive();
    }

    @Test
    void aKilledMemberThatStartsAgainRejoinsWithAHigherIncarnation() throws Exception {
        // given
        Group group = new Group(cluster, "phoenix").withPolicy(Group.QUICK);
        AgentProcess first = agent(group, "p");
        long before = first.incarnation();

        // when it comes back before anybody has missed it
        first.kill();
        AgentProcess second = agent(group, "p");

        // then
        long after = second.incarnation();
        assertThat(after).isGreaterThan(before);
        group.awaitView("the second life", view -> Group.incarnations(view).equals(Map.of("p", after)));

        // when it comes back after it was removed
        second.kill();
        group.awaitView("nobody", view -> view.get("members").isEmpty());
        AgentProcess third = agent(group, "p");

        // then
        assertThat(third.incarnation()).isGreaterThan(after);
    }

    @Test
    void anAgentThatWasPausedBeyondItsRemovalComesBackWithAHigherIncarnation() throws Exception {
        Group group = new Group(cluster, "sleepers").withPolicy(Group.QUICK);
        AgentProcess sleeper = agent(group, "s");
        long before = sleeper.incarnation();

        sleeper.signal(Signal.STOP);
        group.awaitView("nobody", view -> view.get("members").isEmpty());
        sleeper.signal(Signal.CONT);

        long after = sleeper.incarnationAfter(before);
        group.awaitView("the sleeper again", view -> Group.incarnations(view).equals(Map.of("s", after)));
        assertThat(sleeper.output()).contains("removed sleepers/s incarnation " + before);
    }

    @Test
    void anAgentReturnsTheExitCodeOfItsCommandAndLeaves() throws Exception {
        Group group = new Group(cluster, "commands").withPolicy(Group.QUICK);

        AgentProcess agent = agent(group, "c", "--", "sh", "-c", "echo runs as $GM_INCARNATION; exit 7");

        assertThat(agent.exitStatus()).isEqualTo(7);
        assertThat(agent.output()).contains("runs as " + agent.incarnation());
        assertThat(group.awaitRemoval("c").get("reason").asText()).isEqualTo("left");
        assertThat(group.view().get("members")).isEmpty();
    }

    @Test
    void theSecondAgentUnderOneNameTakesThePlaceAndTheFirstEndsForGood() throws Exception {
        // given
        Group group = new Group(cluster, "twins").withPolicy(Group.QUICK);
        AgentProcess first = agent(group, "t");
        long before = first.incarnation();

        // when
        AgentProcess second = agent(group, "t");

        // then
        long after = second.incarnation();
        assertThat(after).isGreaterThan(before);
        assertThat(first.exitStatus()).isEqualTo(3);
        assertThat(first.output()).contains("reason replaced");
        JsonNode view = group.awaitView(
                "the second alone", shown -> Group.incarnations(shown).equals(Map.of("t", after)));
        assertThat(group.awaitRemoval("t").get("reason").asText()).isEqualTo("replaced");
        await("no ping-pong")
                .during(LONGER_THAN_A_REMOVAL)
                .atMost(ProcessCluster.LIMIT)
                .until(() -> second.isAlive() && group.view().equals(view));
    }

    @Test
    void anAgentThatIsStoppedWhileItWaitsForItsPredecessorNeverComesIn() throws Exception {
        // given
        Group group = new Group(cluster, "impatient");
        AgentProcess first = agent(group, "i");
        long before = first.incarnation();
        first.kill();
        AgentProcess second = agent(group, "i");
        await("the second waits for its place")
                .atMost(ProcessCluster.LIMIT)
                .until(() -> second.output().contains("waiting until the lease of another process"));

        // when
        second.terminate();

        // then
        assertThat(second.exitStatus()).isZero();
        group.awaitView("nobody", view -> view.get("members").isEmpty());
        assertThat(group.view().get("view").asLong())
                .as("views: it came, it went")
                .isEqualTo(2);
        assertThat(group.awaitRemoval("i").get("incarnation").asLong()).isEqualTo(before);
    }

    @Test
    void aPlainListenerIsAMemberUntilItCloses() throws Exception {
        // given
        Group group = new Group(cluster, "listeners").withPolicy(Group.QUICK);
        Map<String, Long> joined = new HashMap<>();
        try (Listener stays = new Listener()) {
            Listener ends = new Listener();
            joined.put("stays", group.join(cluster.apis().get(1), "stays", stays.address(), "tcp"));
            joined.put("ends", group.join(cluster.apis().get(2), "ends", ends.address(), "tcp"));
            JsonNode both = group.view();
            assertThat(Group.incarnations(both)).isEqualTo(joined);
            await("both stay")
                    .during(LONGER_THAN_A_REMOVAL)
                    .atMost(ProcessCluster.LIMIT)
                    .until(() -> group.view().equals(both));

            // when
            ends.close();

            // then
            joined.remove("ends");
            group.awaitView("one listener", view -> Group.incarnations(view).equals(joined));
            assertThat(group.awaitRemoval("ends").get("reason").asText()).isEqualTo("crashed");
        }
    }

    @Test
    void aWebServerIsAMemberWhileItAnswersWell() throws Exception {
        // given
        Group group = new Group(cluster, "web").withPolicy(Group.QUICK);
        AtomicInteger status = new AtomicInteger(200);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/alive", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        try {
            String address = "127.0.0.1:" + server.getAddress().getPort();
            Map<String, Object> joiner = Group.joiner("site", address, "http");
            joiner.put("heartbeatAddress", address + "/alive");
            assertThat(cluster.apis().getFirst().post(group.members(), joiner).status())
                    .isEqualTo(201);
            await("it stays")
                    .during(LONGER_THAN_A_REMOVAL)
                    .atMost(ProcessCluster.LIMIT)
                    .until(() -> group.view().get("members").size() == 1);

            // when
            status.set(500);

            // then
            group.awaitView("no member", view -> view.get("members").isEmpty());
            JsonNode removal = group.awaitRemoval("site");
            assertThat(removal.get("reason").asText()).isEqualTo("crashed");
            assertThat(removal.get("probes").toString()).contains("500");
        } finally {
            server.stop(0);
        }
    }
}
