package io.groupmembership.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.groupmembership.membership.CorruptDataException;
import io.groupmembership.membership.PeerMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A message may be lost, as when the leader has just changed, so each is told until it is heard. */
@Tag("slow")
class PeerLinkTest {
    private final Map<String, ConcurrentLinkedQueue<PeerMessage>> heard = new LinkedHashMap<>();
    private TestCluster cluster;

    @BeforeEach
    void begin(@TempDir Path directory) throws IOException {
        cluster = new TestCluster(directory, 3, Duration.ofSeconds(1)).startAll();
        for (String nodeId : cluster.nodeIds()) {
            ConcurrentLinkedQueue<PeerMessage> messages = new ConcurrentLinkedQueue<>();
            heard.put(nodeId, messages);
            cluster.node(nodeId).onMessage(messages::add);
        }
        cluster.leader();
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    private static PeerMessage findingOf(String nodeId, long incarnation) {
        return new PeerMessage.Findings(nodeId, List.of(new PeerMessage.Finding(incarnation, 1, true)));
    }

    private List<PeerMessage> heardBy(String nodeId) {
        ConcurrentLinkedQueue<PeerMessage> messages = heard.get(nodeId);
        return messages == null ? List.of() : List.copyOf(messages);
    }

    private void tellUntilHeard(Runnable tell, String by, PeerMessage message) {
        await().atMost(TestCluster.PATIENCE).until(() -> {
            tell.run();
            return heardBy(by).contains(message);
        });
    }

    @Test
    void whatIsToldToTheLeaderIsHeardThereWhoeverTellsIt() {
        for (String teller : cluster.nodeIds()) {
            PeerMessage message = findingOf(teller, 1);
            await().atMost(TestCluster.PATIENCE).until(() -> {
                cluster.node(teller).tellLeader(message);
                return heardBy(cluster.leader()).contains(message);
            });
        }
    }

    @Test
    void whatIsToldToTheOthersIsHeardByEachOfThemAndNotByTheTeller() {
        PeerMessage message = findingOf("node-1", 1);
        Runnable tell = () -> cluster.node("node-1").tellOthers(message);

        tellUntilHeard(tell, "node-2", message);
        tellUntilHeard(tell, "node-3", message);

        assertThat(heardBy("node-1")).isEmpty();
    }

    @Test
    void whatIsToldToOneNodeIsHeardByThatOneAlone() {
        PeerMessage message = findingOf("node-2", 1);

        tellUntilHeard(() -> cluster.node("node-2").tell("node-3", message), "node-3", message);

        assertThat(heardBy("node-1")).isEmpty();
        assertThat(heardBy("node-2")).isEmpty();
    }

    @Test
    void aNodeHearsAtOnceWhatItTellsItself() {
        PeerMessage message = findingOf("node-1", 1);

        cluster.node("node-1").tell("node-1", message);

        assertThat(heardBy("node-1")).containsExactly(message);
        cluster.node("node-1").tell("node-9", message);
        assertThat(heardBy("node-1")).hasSize(1);
    }

    @Test
    void aNodeThatDoesNotRunIsToldInVainAndTheOthersAreNot() {
        cluster.stop(cluster.follower());
        List<String> left = cluster.nodeIds().stream().filter(this::runs).toList();
        RaftNode teller = cluster.node(left.getFirst());

        for (int i = 0; i < 200; i++) {
            PeerMessage message = findingOf(left.getFirst(), i);
            teller.tellOthers(message);
        }

        PeerMessage last = findingOf(left.getFirst(), 1_000);
        tellUntilHeard(() -> teller.tellOthers(last), left.getLast(), last);
    }

    private boolean runs(String nodeId) {
        try {
            return cluster.node(nodeId).link().isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void garbageIsRefusedAndHeardByNobody() throws Exception {
        assertThatThrownBy(() -> PeerLink.read(Message.valueOf("garbage")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no message between nodes");

        RaftNode node = cluster.node("node-1");
        RaftServer server = node.server().orElseThrow();
        RaftClientRequest garbage = RaftClientRequest.newBuilder()
                .setClientId(ClientId.randomId())
                .setServerId(server.getId())
                .setGroupId(node.division().orElseThrow().getGroup().getGroupId())
                .setCallId(CallId.getAndIncrement())
                .setMessage(Message.valueOf("garbage"))
                .setType(RaftClientRequest.staleReadRequestType(0))
                .build();
        assertThatThrownBy(() -> server.submitClientRequestAsync(garbage)
                        .get(TestCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(CorruptDataException.class);
        assertThat(heardBy("node-1")).isEmpty();
        // and the node goes on
        PeerMessage message = findingOf("node-2", 1);
        tellUntilHeard(() -> cluster.node("node-2").tell("node-1", message), "node-1", message);
    }
}
