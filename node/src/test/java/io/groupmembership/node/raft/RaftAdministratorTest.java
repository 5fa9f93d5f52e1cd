package io.groupmembership.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.api.RaftState;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RaftAdministratorTest {
    @TempDir
    Path directory;

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(TestCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static List<String> ids(List<RaftState.Peer> peers) {
        return peers.stream().map(RaftState.Peer::peerId).toList();
    }

    @Test
    void leadershipMovesToTheNodeThatWasNamed() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3).startAll()) {
            String target = cluster.follower();
            // one that another election overtakes is refused, and may be asked for again
            await().atMost(TestCluster.PATIENCE)
                    .ignoreException(ExecutionException.class)
                    .until(() -> {
                        get(new RaftAdministrator(cluster.node(cluster.leader())).transferLeadership(target));
                        return true;
                    });
            await().atMost(TestCluster.PATIENCE).until(() -> cluster.leader().equals(target));
        }
    }

    @Test
    void aFollowerRefusesAndNamesTheLeader() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3).startAll()) {
            String leader = cluster.leader();
            RaftNode follower = cluster.node(cluster.follower());
            await().atMost(TestCluster.PATIENCE)
                    .until(() -> follower.status().leaderNodeId().isPresent());
            assertThatThrownBy(() -> get(new RaftAdministrator(follower).transferLeadership(leader)))
                    .cause()
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(leader + " leads");
        }
    }

    @Test
    void aPeerIsRemovedByAChangeThatNamesTheConfigurationItMeans() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3).startAll()) {
            RaftNode leader = cluster.node(cluster.leader());
            RaftAdministrator administrator = new RaftAdministrator(leader);
            await().atMost(TestCluster.PATIENCE)
                    .until(() -> leader.knownFollowers().size() == 2);
            List<RaftState.Peer> three = leader.status().state().peers();
            String ownId = leader.status().state().peerId();
            RaftState.Peer other = three.stream()
                    .filter(peer -> !peer.peerId().equals(ownId))
                    .findFirst()
                    .orElseThrow();
            List<RaftState.Peer> two =
                    three.stream().filter(peer -> !peer.equals(other)).toList();
            assertThatThrownBy(() -> get(administrator.changeConfiguration(Optional.of(ids(two)), two)))
                    .cause()
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("not the expected one");

            RaftState after = get(administrator.changeConfiguration(Optional.of(ids(three)), two));

            assertThat(ids(after.peers())).containsExactlyInAnyOrderElementsOf(ids(two));
        }
    }
}
