package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a node keeps does not grow with what has happened: old segments and old snapshots go. */
@ExtendWith(Started.class)
class DiskUseIT {
    private static final int SNAPSHOT_ENTRIES = 200;

    /** Ratis leaves so many before the snapshot, for followers that were away for a moment. */
    private static final int PRESERVED_ENTRIES = 1_000;

    private static final int ROUNDS = 7;
    private static final int CHANGES_A_ROUND = 400;

    @TempDir
    static Path directory;

    @Test
    void oldSegmentsAndOldSnapshotsGo() throws Exception {
        ProcessCluster cluster = ProcessCluster.create(
                        directory.resolve("cluster"), "-Dgm.snapshot-entries=" + SNAPSHOT_ENTRIES)
                .startAll();
        for (int round = 0; round < ROUNDS; round++) {
            churn(cluster);
            // a new leader begins a new segment: a segment is full at 32 MiB only
            lead(cluster, cluster.followers().getFirst());
        }

        for (String nodeId : cluster.nodeIds()) {
            await("old files of " + nodeId + " are gone")
                    .atMost(ProcessCluster.LIMIT)
                    .untilAsserted(() -> {
                        RaftFiles files = cluster.files(nodeId);
                        List<Path> closed = files.closedSegments();
                        assertThat(files.snapshots()).hasSizeBetween(1, 2);
                        assertThat(firstIndex(closed.getFirst())).isPositive();
                        long snapshot = number(files.newestSnapshot());
                        assertThat(closed)
                                .noneMatch(segment -> number(segment)
                                        < snapshot - PRESERVED_ENTRIES - CHANGES_A_ROUND - SNAPSHOT_ENTRIES);
                        assertThat(bytes(files.directory())).isLessThan(40L * 1024 * 1024);
                    });
        }
    }

    /** One after the other, so that each is an entry of its own. */
    private static void churn(ProcessCluster cluster) throws Exception {
        Group group = new Group(cluster, "churn").withPolicy(Group.PATIENT);
        NodeApi node = cluster.api(cluster.leader());
        for (int i = 0; i < CHANGES_A_ROUND / 2; i++) {
            group.join(node, "m", "127.0.0.1:9", "tcp");
            assertThat(node.delete(group.member("m")).status()).isEqualTo(200);
        }
    }

    private static void lead(ProcessCluster cluster, String nodeId) throws Exception {
        NodeApi admin = cluster.admin(cluster.leader());
        assertThat(admin.post("/v1/raft/leader", Map.of("nodeId", nodeId)).status())
                .isLessThan(300);
        await(nodeId + " leads")
                .atMost(ProcessCluster.LIMIT)
                .until(() -> cluster.leader().equals(nodeId));
    }

    private static long firstIndex(Path segment) {
        return Long.parseLong(segment.getFileName().toString().replaceAll("log_(\\d+)-.*", "$1"));
    }

    /** The one at the end of a file's name. */
    private static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().replaceAll(".*\\D(\\d+)$", "$1"));
    }

    private static long bytes(Path tree) throws IOException {
        long sum = 0;
        try (var files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
        }
        return sum;
    }
}
