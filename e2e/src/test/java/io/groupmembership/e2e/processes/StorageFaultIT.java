package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node whose directory is wrong or damaged says so and stays down, or recovers; it never takes part with something
 * else in its head than the others.
 */
@ExtendWith(Started.class)
class StorageFaultIT {
    private static final int CONFIGURATION = 3;
    private static final int DAMAGED = 4;

    @TempDir
    static Path directory;

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = ProcessCluster.create(directory.resolve("cluster"), "-Dgm.snapshot-entries=50")
                .startAll();
        Group group = group().withPolicy(Group.PATIENT);
        for (int i = 0; i < 5; i++) {
            group.join(cluster.apis().get(i % 3), "m-" + i, "127.0.0.1:9", "tcp");
        }
    }

    @BeforeEach
    void allNodesRun() throws Exception {
        for (String nodeId : cluster.nodeIds()) {
            if (!cluster.isRunning(nodeId)) {
                cluster.start(nodeId);
            }
        }
        for (String nodeId : cluster.nodeIds()) {
            await(nodeId + " is ready").atMost(ProcessCluster.LIMIT).until(() -> cluster.isReady(nodeId));
        }
    }

    private static Group group() {
        return new Group(cluster, "kept");
    }

    private static String identity(String nodeId) {
        return cluster.data(nodeId).resolve("identity.json").toString();
    }

    /** Starts a node that must not start; what it printed. */
    private static String startInVain(String nodeId, int status) throws Exception {
        long printed = Files.size(cluster.log(nodeId));
        cluster.start(nodeId);
        assertThat(cluster.exitStatus(nodeId)).as(cluster.lastWord(nodeId)).isEqualTo(status);
        byte[] log = Files.readAllBytes(cluster.log(nodeId));
        return new String(log, (int) printed, (int) (log.length - printed), StandardCharsets.UTF_8);
    }

    /** The others go on, whatever this one does. */
    private static void assertOthersServe(String key) throws Exception {
        for (NodeApi node : cluster.apis()) {
            assertThat(node.putText("/v1/namespaces/default/kv/" + key, key).status())
                    .isLessThan(300);
        }
        assertThat(group().view().get("members")).hasSize(5);
    }

    private static void assertRecovers(String nodeId, String key) throws Exception {
        cluster.restart(nodeId);
        assertThat(cluster.api(nodeId).get("/v1/namespaces/default/kv/" + key).text())
                .isEqualTo(key);
        assertThat(group().view().get("members")).hasSize(5);
    }

    /** Writes until every node has taken a snapshot. */
    private static void takeSnapshots() throws Exception {
        for (String nodeId : cluster.nodeIds()) {
            for (int i = 0; cluster.files(nodeId).snapshots().isEmpty(); i++) {
                assertThat(cluster.api(nodeId)
                                .putText("/v1/namespaces/default/kv/filler", "value " + i)
                                .status())
                        .isLessThan(300);
                assertThat(i).as("entries until a snapshot").isLessThan(1_000);
            }
        }
    }

    // ---- the wrong directory

    @Test
    void aDirectoryOfAnotherClusterIsRefused() throws Exception {
        String node = cluster.followers().getFirst();
        Path file = Path.of(identity(node));
        ProcessCluster another = ProcessCluster.create(directory.resolve("another"));
        byte[] own = Files.readAllBytes(file);
        cluster.kill(node);
        Files.copy(another.data(node).resolve("identity.json"), file, StandardCopyOption.REPLACE_EXISTING);

        String said = startInVain(node, CONFIGURATION);

        assertThat(said.lines()).hasSize(1);
        assertThat(said).startsWith("gm-node: ").contains("belongs to cluster", "point the node at its own");
        assertOthersServe("another-cluster");
        Files.write(file, own);
        assertRecovers(node, "another-cluster");
    }

    @Test
    void aDirectoryOfAnotherNodeIsRefused() throws Exception {
        List<String> followers = cluster.followers();
        String node = followers.getFirst();
        Path file = Path.of(identity(node));
        byte[] own = Files.readAllBytes(file);
        cluster.kill(node);
        Files.write(file, Files.readAllBytes(Path.of(identity(followers.getLast()))));

        String said = startInVain(node, CONFIGURATION);

        assertThat(said.lines()).hasSize(1);
        assertThat(said).startsWith("gm-node: ").contains("is that of " + followers.getLast());
        assertOthersServe("another-node");
        Files.write(file, own);
        assertRecovers(node, "another-node");
    }

    @Test
    void aDirectoryWithoutAnIdentityIsRefused() throws Exception {
        String node = cluster.followers().getFirst();
        Path file = Path.of(identity(node));
        byte[] own = Files.readAllBytes(file);
        cluster.kill(node);
        Files.delete(file);

        String said = startInVain(node, CONFIGURATION);

        assertThat(said.lines()).hasSize(1);
        assertThat(said).startsWith("gm-node: ").contains("has no identity.json", "restore the directory");
        Files.write(file, own);
        cluster.restart(node);
    }

    @Test
    void aNodeThatHasLostItsLogIsRefused() throws Exception {
        String node = cluster.followers().getFirst();
        cluster.kill(node);
        Path kept = directory.resolve("kept");
        Files.move(cluster.files(node).directory(), kept);

        startInVain(node, CONFIGURATION);

        assertThat(cluster.lastWord(node)).contains("the Raft log of this node is gone", "Restore");
        assertOthersServe("lost-log");
        delete(cluster.files(node).directory());
        Files.move(kept, cluster.files(node).directory());
        assertRecovers(node, "lost-log");
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    // ---- damage

    @Test
    void aFlippedBitInTheNewestSnapshotStopsTheNode() throws Exception {
        takeSnapshots();
        String node = cluster.followers().getFirst();
        cluster.kill(node);
        Path snapshot = cluster.files(node).newestSnapshot();
        long middle = Files.size(snapshot) / 2;
        RaftFiles.flipBit(snapshot, middle);

        startInVain(node, DAMAGED);

        assertThat(cluster.lastWord(node))
                .contains(snapshot.getFileName().toString(), "is damaged", "restore the data directory");
        assertOthersServe("snapshot");
        RaftFiles.flipBit(snapshot, middle);
        assertRecovers(node, "snapshot");
    }

    /**
     * The cut takes what this node had acknowledged, which no disk that keeps its word does. The leader may still count
     * on it, so the test has a new one elected, by the node with the cut log too.
     */
    @Test
    void aLogWithoutItsLastBytesIsRepairedByTheOthers() throws Exception {
        String leader = cluster.leader();
        String node = cluster.followers().getFirst();
        assertOthersServe("before-the-cut");
        cluster.kill(node);
        RaftFiles.cutTail(cluster.files(node).openSegment(), 7);
        assertOthersServe("cut");

        cluster.start(node);
        await(node + " answers")
                .atMost(ProcessCluster.LIMIT)
                .ignoreExceptions()
                .until(() -> cluster.api(node).get("/v1/raft").json().hasNonNull("leader"));
        cluster.kill(leader);

        assertRecovers(leader, "cut");
        assertThat(cluster.api(node)
                        .get("/v1/namespaces/default/kv/before-the-cut")
                        .text())
                .isEqualTo("before-the-cut");
    }

    @Test
    void aFlippedBitInTheMiddleOfTheLogStopsTheNode() throws Exception {
        // given: a new leader begins a new segment and closes the old one
        String leader = cluster.leader();
        cluster.kill(leader);
        cluster.restart(leader);
        assertOthersServe("before-the-flip");
        String node = cluster.followers().getFirst();
        JsonNode view = group().view();
        cluster.kill(node);
        Path segment = cluster.files(node).closedSegments().getLast();
        long middle = RaftFiles.contentLength(segment) / 2;
        RaftFiles.flipBit(segment, middle);

        startInVain(node, DAMAGED);

        assertThat(cluster.lastWord(node)).contains("the Raft log in", "restore the data directory");
        assertOthersServe("flip");
        RaftFiles.flipBit(segment, middle);
        assertRecovers(node, "flip");
        assertThat(Group.incarnations(group().view())).isEqualTo(Group.incarnations(view));
    }
}
