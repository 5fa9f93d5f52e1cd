package io.groupmembership.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Nodes;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Nodes come and go by joint consensus. {@code docs/demonstrations.md} shows the same by hand. */
@ExtendWith(Started.class)
class ConfigurationDemonstrationsIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int FIVE = 5;

    /** Far beyond every timeout of Raft: who has it writes nothing while a test runs. */
    private static final Duration STUCK = Duration.ofMinutes(5);

    @TempDir
    static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.start(directory);
    }

    @AfterEach
    void makeWhole() throws Exception {
        rig.makeWhole();
    }

    private static List<RigNode> first(int count) {
        return List.of(rig.node(1), rig.node(2), rig.node(3), rig.node(4), rig.node(5))
                .subList(0, count);
    }

    private static List<NodeApi> apis(List<RigNode> nodes) {
        return nodes.stream().map(RigNode::api).toList();
    }

    /** Whether these nodes know a configuration of so many peers, which replaces one of so many, 0 for none. */
    private static boolean know(List<RigNode> nodes, int peers, int oldPeers) throws IOException, InterruptedException {
        for (RigNode node : nodes) {
            JsonNode state = node.raft();
            if (state.path("peers").size() != peers || state.path("oldPeers").size() != oldPeers) {
                return false;
            }
        }
        return true;
    }

    private static void awaitConfiguration(List<RigNode> nodes, int peers, int oldPeers) {
        await(peers + " peers, and " + oldPeers + " old ones")
                .atMost(Nodes.LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> know(nodes, peers, oldPeers));
    }

    // ---- under load

    @Test
    void keysArePutAndReadWithoutAnErrorWhileThreeNodesBecomeFiveAndFiveBecomeThree() throws Exception {
        // given
        KeyStream stream = KeyStream.start("scale", apis(rig.usual()));
        stream.awaitMore(50);

        // when
        assertThat(rig.bringIn(first(FIVE), LIMIT)).isEmpty();
        awaitConfiguration(first(FIVE), FIVE, 0);
        stream.awaitMore(50);
        assertThat(stream.missingOn(rig.node(FIVE).api())).isEmpty();
        assertThat(rig.bringIn(rig.usual(), LIMIT)).isEmpty();
        awaitConfiguration(rig.usual(), Rig.NODES, 0);
        stream.awaitMore(50);
        stream.stop();

        // then
        System.out.println("3 to 5 to 3 nodes: " + stream);
        assertThat(stream.surprises()).isEmpty();
        for (RigNode node : rig.usual()) {
            assertThat(stream.missingOn(node.api())).isEmpty();
        }
    }

    // ---- in the middle of a change

    @Test
    void aChangeWhoseOldMajorityDiesBlocksAndCompletesWhenItReturns() throws Exception {
        // given three nodes, and two that are to come in
        RigNode leader = rig.leader().orElseThrow();
        List<RigNode> others =
                rig.usual().stream().filter(node -> node != leader).toList();
        List<RigNode> joiners = List.of(rig.node(4), rig.node(5));
        for (RigNode joiner : joiners) {
            rig.start(joiner);
            assertThat(rig.form(joiner, false, Rig.WHOLE_LIMIT)).isTrue();
        }
        WrittenKeys written = WrittenKeys.put(leader.api(), "joint", 20);

        // when the change begins, and the other two of the three agree to nothing any more
        for (RigNode other : others) {
            rig.slowDisk(other, STUCK);
        }
        Thread change = beginChange(leader, joiners);
        List<RigNode> newMajority = List.of(leader, joiners.getFirst(), joiners.getLast());
        awaitConfiguration(newMajority, FIVE, Rig.NODES);
        others.forEach(rig::kill);

        // then three of the five are there, and that is not enough
        long agreed = leader.raft().path("commitIndex").asLong();
        for (RigNode node : newMajority) {
            Answer refused = node.api().putText(WrittenKeys.path("joint/late"), "late");
            assertThat(refused.status()).as("%s", refused).isEqualTo(503);
        }
        assertThat(know(newMajority, FIVE, Rig.NODES)).as("in the middle").isTrue();
        for (RigNode node : newMajority) {
            assertThat(node.raft().path("commitIndex").asLong()).isLessThanOrEqualTo(agreed);
        }

        // when one of the two returns: a majority of the old three, and of the new five
        for (RigNode other : others) {
            rig.slowDisk(other, Duration.ZERO);
        }
        rig.start(others.getFirst());

        // then
        List<RigNode> four = List.of(leader, others.getFirst(), joiners.getFirst(), joiners.getLast());
        awaitConfiguration(four, FIVE, 0);
        rig.start(others.getLast());
        awaitConfiguration(first(FIVE), FIVE, 0);
        for (RigNode node : first(FIVE)) {
            written.assertAllOn(node.api());
        }
        change.join(LIMIT);
    }

    private static Thread beginChange(RigNode leader, List<RigNode> joiners) throws IOException, InterruptedException {
        Map<String, Map<String, String>> now = Configuration.of(leader.raft());
        Map<String, Map<String, String>> next = new LinkedHashMap<>(now);
        for (RigNode joiner : joiners) {
            next.put(joiner.nodeId, joiner.peer(joiner.raft().path("peerId").asText()));
        }
        return Thread.ofVirtual().name("change").start(() -> {
            try {
                System.out.println("the change was answered: " + Configuration.change(leader, now, next));
            } catch (IOException e) {
                System.out.println("the change was not answered: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    // ---- a node that was removed

    @Test
    void aRemovedNodeThatComesBackDisturbsNobodyAndAnswersNothingStale() throws Exception {
        // given a node that was away while it was removed: as its volume has it, it is one of four
        RigNode removed = rig.node(4);
        assertThat(rig.bringIn(first(4), LIMIT)).isEmpty();
        awaitConfiguration(first(4), 4, 0);
        String key = WrittenKeys.path("removed");
        assertThat(rig.node(1).api().putText(key, "old").status()).isEqualTo(201);
        assertThat(removed.api().get(key).text()).isEqualTo("old");
        rig.kill(removed);
        assertThat(rig.bringIn(rig.usual(), LIMIT)).isEmpty();
        assertThat(rig.node(1).api().putText(key, "new").status()).isEqualTo(200);
        RaftStates before = RaftStates.awaitAgreement(rig.usual());
        RigNode leader = rig.usual().stream()
                .filter(node -> node.nodeId.equals(before.leader()))
                .findFirst()
                .orElseThrow();

        // when it is back, and hears all but the leader, who would tell it
        rig.network.part(removed.place, leader.place);
        KeyStream stream = KeyStream.start("removed-stream", apis(rig.usual()));
        removed.start();
        RaftStates.await("it stands for election", List.of(removed), states -> {
            JsonNode state = states.byNode().get(removed.nodeId);
            return state != null && state.path("role").asText().equals("candidate");
        });

        // then
        assertThat(know(List.of(removed), 4, 0)).isTrue();
        Answer read = await("it serves clients")
                .atMost(Nodes.LIMIT)
                .ignoreException(ConnectException.class)
                .until(() -> removed.api().get(key), answer -> true);
        assertThat(read.status()).as("%s", read).isEqualTo(503);
        assertThat(removed.lastWords()).doesNotContain("GrpcClientRpc");
        stream.awaitMore(100);
        assertUndisturbed(before);

        // when it hears the leader too
        rig.network.heal();

        // then it is told to go, and ends
        await("its end").atMost(Nodes.LIMIT).until(() -> !removed.isRunning());
        assertThat(removed.lastWords()).containsAnyOf("the Raft division closed", "the Raft server shut down");
        stream.awaitMore(50);
        assertUndisturbed(before);
        stream.stop();
        System.out.println("a removed node came back: " + stream);
        assertThat(stream.surprises()).isEmpty();
        assertThat(rig.node(1).api().get(key).text()).isEqualTo("new");
    }

    private static void assertUndisturbed(RaftStates before) throws IOException, InterruptedException {
        RaftStates now = RaftStates.of(rig.usual());
        assertThat(now.leading()).isEqualTo(before.leading());
        assertThat(now.terms()).isEqualTo(before.terms());
    }
}
