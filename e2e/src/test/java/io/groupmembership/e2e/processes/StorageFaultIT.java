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
import java.nio.file.attribute.FileTime;
import java.time.Instant;
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

    private static final String ADVICE = "gm nodes replace ";

    /** Waits until a node has noted how far it is now. */
    private static void awaitNotes(String nodeId) throws IOException {
        Path notes = cluster.data(nodeId).resolve("raft.reached");
        FileTime before = Files.getLastModifiedTime(notes);
        FileTime now = FileTime.from(Instant.now());
        FileTime since = before.compareTo(now) > 0 ? before : now;
        await("notes of " + nodeId)
                .atMost(ProcessCluster.LIMIT)
                .until(() -> Files.getLastModifiedTime(notes).compareTo(since) > 0);
    }

    /** The snapshots are few entries apart, and the log behind the older one is still there. */
    @Test
    void aFlippedBitInTheNewestSnapshotIsMendedFromAnOlderOne() throws Exception {
        takeSnapshots();
        String node = cluster.followers().getFirst();
        cluster.kill(node);
        Path snapshot = cluster.files(node).newestSnapshot();
        RaftFiles.flipBit(snapshot, Files.size(snapshot) / 2);
        assertOthersServe("snapshot");

        assertRecovers(node, "snapshot");

        assertThat(snapshot.resolveSibling(snapshot.getFileName() + ".damaged")).exists();
    }

    @Test
    void aDamagedSnapshotStopsTheNodeWhereTheLogBeginsBehindIt() throws Exception {
        takeSnapshots();
        String node = cluster.followers().getFirst();
        cluster.kill(node);
        Path kept = directory.resolve("kept-snapshots");
        copy(cluster.files(node).directory(), kept);
        for (Path snapshot : cluster.files(node).snapshots()) {
            RaftFiles.flipBit(snapshot, Files.size(snapshot) / 2);
        }
        List<Path> segments = cluster.files(node).closedSegments();
        Files.delete(segments.isEmpty() ? cluster.files(node).openSegment() : segments.getFirst());

        startInVain(node, DAMAGED);

        assertThat(cluster.lastWord(node)).contains("snapshot", "is damaged", ADVICE + node);
        assertOthersServe("no-snapshot");
        delete(cluster.files(node).directory());
        copy(kept, cluster.files(node).directory());
        assertRecovers(node, "no-snapshot");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** The cut takes what this node had acknowledged, which no disk that keeps its word does. */
    @Test
    void aLogWithoutItsEndStopsTheNode() throws Exception {
        String node = cluster.followers().getFirst();
        assertOthersServe("before-the-cut");
        awaitNotes(node);
        cluster.kill(node);
        Path segment = cluster.files(node).openSegment();
        byte[] whole = Files.readAllBytes(segment);
        RaftFiles.cutTail(segment, (int) (RaftFiles.contentLength(segment) / 2));
        assertOthersServe("cut");

        startInVain(node, DAMAGED);

        assertThat(cluster.lastWord(node)).contains("its end is gone", ADVICE + node);
        Files.write(segment, whole);
        assertRecovers(node, "cut");
    }

    @Test
    void anUnfinishedWriteIsCutOff() throws Exception {
        String node = cluster.followers().getFirst();
        assertOthersServe("before-the-stop");
        cluster.kill(node);
        Path segment = cluster.files(node).openSegment();
        RaftFiles.write(segment, RaftFiles.contentLength(segment), new byte[] {90, 8, 3, 16, 4, 40, 1, 1});
        assertOthersServe("stopped");

        assertRecovers(node, "stopped");
    }

    @Test
    void aVoteOfBeforeStopsTheNode() throws Exception {
        String node = cluster.followers().getFirst();
        awaitNotes(node);
        cluster.kill(node);
        Path vote = segmentDirectory(node).resolve("raft-meta");
        String own = Files.readString(vote);
        Files.writeString(vote, own.replaceAll("term=\\d+", "term=0"));

        startInVain(node, DAMAGED);

        assertThat(cluster.lastWord(node)).contains("says term 0", ADVICE + node);
        Files.writeString(vote, own);
        assertOthersServe("vote");
        assertRecovers(node, "vote");
    }

    @Test
    void aFlippedBitInTheConfigurationIsMendedOrStopsTheNode() throws Exception {
        String node = cluster.followers().getFirst();
        awaitNotes(node);
        cluster.kill(node);
        Path configuration = segmentDirectory(node).resolve("raft-meta.conf");
        byte[] own = Files.readAllBytes(configuration);
        RaftFiles.flipBit(configuration, own.length / 2);
        cluster.start(node);

        await(node + " has mended it, or ended")
                .atMost(ProcessCluster.LIMIT)
                .until(() -> cluster.isReady(node) || !cluster.isRunning(node));

        if (!cluster.isRunning(node)) {
            assertThat(cluster.exitStatus(node)).isEqualTo(DAMAGED);
            assertThat(cluster.lastWord(node)).contains("raft-meta.conf", ADVICE + node);
            Files.write(configuration, own);
        }
        assertOthersServe("configuration");
    }

    private static Path segmentDirectory(String nodeId) throws IOException {
        return cluster.files(nodeId).openSegment().resolveSibling(".").normalize();
    }

    @Test
    void aFlippedBitInTheMiddleOfTheLogStopsTheNode() throws Exception {
        String node = cluster.followers().getFirst();
        assertOthersServe("before-the-flip");
        JsonNode view = group().view();
        awaitNotes(node);
        cluster.kill(node);
        Path segment = cluster.files(node).openSegment();
        long middle = RaftFiles.contentLength(segment) / 2;
        RaftFiles.flipBit(segment, middle);

        startInVain(node, DAMAGED);

        assertThat(cluster.lastWord(node)).contains("the log segment", "is damaged", ADVICE + node);
        assertOthersServe("flip");
        RaftFiles.flipBit(segment, middle);
        assertRecovers(node, "flip");
        assertThat(Group.incarnations(group().view())).isEqualTo(Group.incarnations(view));
    }
}
