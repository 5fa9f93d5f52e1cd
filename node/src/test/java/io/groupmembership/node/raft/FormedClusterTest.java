package io.groupmembership.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.Request;
import io.groupmembership.node.identity.Formation;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.identity.Volume;
import io.groupmembership.protocol.api.RaftState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster as an operator forms it: a founder on an empty volume, and others that are admitted one after the other. */
class FormedClusterTest {
    private final String clusterId = UUID.randomUUID().toString();
    private final int firstPort = 15_000 + ThreadLocalRandom.current().nextInt(15_000);
    private final List<RaftNode> running = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void stopAll() {
        running.forEach(node -> node.stop(Duration.ofMillis(200)));
    }

    @Test
    void aFounderAdmitsTheOthersAndServesClientsOnceAllAreIn() throws Exception {
        RaftNode founder = start(volume("demo-0", true));
        Awaitility.await().until(() -> founder.status().ready());
        assertThat(founder.servesClients()).isFalse();

        RaftNode second = start(volume("demo-1", false));
        assertThat(second.status().state().peers()).isEmpty();
        admit(founder, second);
        assertThat(founder.servesClients()).isFalse();

        RaftNode third = start(volume("demo-2", false));
        admit(founder, third);
        for (RaftNode node : running) {
            Awaitility.await().until(node::servesClients);
            assertThat(node.status().state().peers()).hasSize(3);
        }

        Command.NodeUp up =
                new Command.NodeUp("demo-2", "http://h:1", "h:1", NodeRecord.hashKey("demo-2", "http://h:1", "demo"));
        third.submit(new Request(Optional.empty(), up)).get(5, TimeUnit.SECONDS);
        assertThat(third.<Boolean>read(state -> state.node("demo-2").isPresent()))
                .isTrue();
    }

    @Test
    void aNodeThatServedClientsDoesSoAgainAfterARestart() throws Exception {
        Identity alone = volume("demo-0", true, 1);
        assertThat(start(alone).servesClients()).isTrue();
        RaftNode founder = start(volume("demo-1", true, 2));
        RaftNode second = start(volume("demo-2", false, 2));
        Awaitility.await().until(() -> founder.status().ready());
        admit(founder, second);
        Awaitility.await().until(founder::servesClients);
        running.remove(second);
        second.stop(Duration.ofMillis(200));
        running.remove(founder);
        founder.stop(Duration.ofMillis(200));

        assertThat(start(load("demo-1")).servesClients()).isTrue();
    }

    @Test
    void aVolumeThatWasNotFormedStartsNoRaftServer() {
        Volume volume = Volume.open(directory.resolve("demo-0"), "demo-0");
        assertThatThrownBy(() ->
                        NodeIdentity.ofVolume(directory.resolve("demo-0"), volume, "127.0.0.1", "127.0.0.1", 7700))
                .hasMessageContaining("is of no cluster yet");
    }

    private record Identity(NodeIdentity value) {}

    private Identity volume(String nodeId, boolean founder) throws IOException {
        return volume(nodeId, founder, 3);
    }

    private Identity volume(String nodeId, boolean founder, int minimumPeers) throws IOException {
        Path data = directory.resolve(nodeId);
        Volume.open(data, nodeId).form(new Formation(clusterId, "demo", 0, founder, minimumPeers), data);
        return load(nodeId);
    }

    private Identity load(String nodeId) {
        Path data = directory.resolve(nodeId);
        int basePort = firstPort + 100 * (nodeId.charAt(nodeId.length() - 1) - '0');
        return new Identity(NodeIdentity.ofVolume(data, Volume.open(data, nodeId), "127.0.0.1", "127.0.0.1", basePort));
    }

    private RaftNode start(Identity identity) {
        RaftNode node = new RaftNode(identity.value(), TestCluster.settings(identity.value()), (code, line) -> {
            throw new IllegalStateException("ended with " + code + ": " + line);
        });
        node.start();
        running.add(node);
        return node;
    }

    private static void admit(RaftNode leader, RaftNode joiner) throws Exception {
        List<RaftState.Peer> peers = new ArrayList<>(leader.status().state().peers());
        peers.add(joiner.self());
        RaftState state = new RaftAdministrator(leader)
                .changeConfiguration(Optional.empty(), peers)
                .get(30, TimeUnit.SECONDS);
        assertThat(state.peers()).containsAll(peers);
    }
}
