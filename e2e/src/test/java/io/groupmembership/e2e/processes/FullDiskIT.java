package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Started;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A full disk makes a node stop acknowledging, never forget. */
@ExtendWith(Started.class)
class FullDiskIT {
    private static final int CANNOT_GO_ON = 5;
    private static final int DISK_MEGABYTES = 64;
    private static final int VALUE_BYTES = 64 * 1024;

    @TempDir
    static Path directory;

    private static final Map<String, SmallDisk> DISKS = new HashMap<>();
    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        for (int i = 1; i <= 3; i++) {
            Optional<SmallDisk> disk = SmallDisk.mount(directory.resolve("node-" + i), DISK_MEGABYTES);
            assumeTrue(disk.isPresent(), "skipped: only a user who may mount a tmpfs can try a full disk");
            DISKS.put("node-" + i, disk.orElseThrow());
        }
        cluster = ProcessCluster.create(directory).startAll();
    }

    @Test
    void aFollowerWithAFullDiskEndsAndCatchesUpWhenThereIsSpace() throws Exception {
        fillTheDiskOf(cluster.followers().getFirst(), "follower");
    }

    @Test
    void aLeaderWithAFullDiskEndsAndAnotherTakesOver() throws Exception {
        fillTheDiskOf(cluster.leader(), "leader");
    }

    private static void fillTheDiskOf(String victim, String role) throws Exception {
        // given
        Group group = new Group(cluster, "full-" + role).withPolicy(Group.PATIENT);
        group.join(cluster.apis().getFirst(), "before", "127.0.0.1:9", "tcp");
        NodeApi other = cluster.api(cluster.otherThan(victim));
        SmallDisk disk = Objects.requireNonNull(DISKS.get(victim));

        // when
        disk.fillAllBut(128 * 1024);
        Map<String, String> acknowledged = new HashMap<>();
        for (int i = 0; cluster.isRunning(victim); i++) {
            String key = "/v1/namespaces/default/kv/" + role + "/" + i % 10;
            String value = value(i);
            Answer put = await("a majority")
                    .atMost(ProcessCluster.LIMIT)
                    .until(() -> other.putText(key, value), answer -> answer.status() < 300);
            acknowledged.put(key, put.header("ETag") + value);
            assertThat(i).as("writes until the disk is full").isLessThan(300);
        }

        // then
        assertThat(cluster.exitStatus(victim)).isEqualTo(CANNOT_GO_ON);
        assertThat(cluster.lastWord(victim)).contains("the Raft log failed", "No space left on device");
        group.join(other, "meanwhile", "127.0.0.1:9", "tcp");

        // when
        disk.free();
        cluster.restart(victim);

        // then
        for (Map.Entry<String, String> write : acknowledged.entrySet()) {
            Answer value = cluster.api(victim).get(write.getKey());
            assertThat(value.header("ETag") + value.text()).isEqualTo(write.getValue());
        }
        assertThat(Group.incarnations(group.view())).containsOnlyKeys("before", "meanwhile");
        cluster.leader();
    }

    private static String value(int seed) {
        char[] value = new char[VALUE_BYTES];
        Arrays.fill(value, (char) ('a' + seed % 26));
        return String.valueOf(value);
    }
}
