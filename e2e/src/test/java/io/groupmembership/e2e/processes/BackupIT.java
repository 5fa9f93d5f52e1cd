package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.cli.local.LocalPorts;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A cluster is written to a file, and another one begins from it: with its values, without its members. */
@ExtendWith(Started.class)
class BackupIT {
    private static final long EPOCH_1 = 1L << 40;
    private static final String KEY = "/v1/namespaces/default/kv/kept";

    @TempDir
    static Path directory;

    private static Path backup;
    private static String admin;
    private static Map<String, Long> before;

    @BeforeAll
    static void backUp() throws Exception {
        ProcessCluster cluster =
                ProcessCluster.create(directory.resolve("cluster")).startAll();
        Group group = new Group(cluster, "kept").withPolicy(Group.PATIENT);
        for (int i = 0; i < 3; i++) {
            group.join(cluster.apis().get(i), "m-" + i, "127.0.0.1:9", "tcp");
        }
        before = Group.incarnations(group.view());
        // acknowledged by one node, and asked for at another at once
        assertThat(cluster.api(cluster.leader()).putText(KEY, "through it all").status())
                .isLessThan(300);
        admin = "127.0.0.1:" + cluster.place(cluster.followers().getFirst()).adminPort();
        backup = directory.resolve("cluster.gmbackup");
        String said = done("backup", backup.toString(), "--admin", admin);
        assertThat(said).contains("is written: cluster local (", "1 group, 3 members, 1 key");
        cluster.killAll();
    }

    private static String done(String... arguments) throws IOException, InterruptedException {
        GmRun run = GmRun.of(directory, Map.of(), arguments);
        assertThat(run.status()).as("%s", run).isZero();
        return run.out();
    }

    private static String refused(int status, String... arguments) throws IOException, InterruptedException {
        GmRun run = GmRun.of(directory, Map.of(), arguments);
        assertThat(run.status()).as("%s", run).isEqualTo(status);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        return run.err();
    }

    private static String[] restore(Path file, Path to) {
        String base = String.valueOf(LocalPorts.free(3).getFirst().http() - 1);
        return new String[] {"restore", file.toString(), "--data", to.toString(), "--base-port", base};
    }

    @Test
    void theFileIsItsOwnersAloneAndIsNotReplacedUnasked() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                .isEqualTo("rw-------");
        assertThat(refused(4, "backup", backup.toString(), "--admin", admin)).contains("exists", "--force");
        assertThat(done("backup", "--verify", backup.toString())).contains("is whole: cluster local (");
        assertThat(refused(5, "backup", directory.resolve("none").toString(), "--admin", admin))
                .contains("no node answers at http://" + admin);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .doesNotContain("none", "none.part", "cluster.gmbackup.part");
        }
    }

    @Test
    void aNewClusterHasTheValuesAndNoneOfTheMembers() throws Exception {
        Path to = directory.resolve("restored");
        assertThat(done(restore(backup, to))).contains("3 nodes, recovery epoch 1", "gm up --data " + to);

        ProcessCluster cluster = ProcessCluster.open(to).startAll();

        Group group = new Group(cluster, "kept");
        JsonNode view = group.view();
        assertThat(view.get("members")).isEmpty();
        assertThat(view.get("view").asLong()).isGreaterThan(EPOCH_1);
        JsonNode removal = group.awaitRemoval("m-1");
        assertThat(removal.get("reason").asText()).isEqualTo("evicted");
        assertThat(removal.get("incarnation").asLong()).isEqualTo(before.get("m-1"));
        assertThat(done("explain", "kept", "m-1", "--server", cluster.urls()))
                .contains("the cluster began anew from a backup");
        for (NodeApi node : cluster.apis()) {
            assertThat(node.get(KEY).text()).isEqualTo("through it all");
            assertThat(node.get(group.path() + "/policy")
                            .json()
                            .get("intervalMillis")
                            .asInt())
                    .isEqualTo(60_000);
        }
        assertThat(group.join(cluster.apis().getFirst(), "m-1", "127.0.0.1:9", "tcp"))
                .isGreaterThan(EPOCH_1);

        cluster.killAll();
        cluster.startAll();

        assertThat(group.view().get("members")).hasSize(1);
        assertThat(cluster.apis().getLast().get(KEY).text()).isEqualTo("through it all");
        for (String nodeId : cluster.nodeIds()) {
            assertThat(cluster.data(nodeId).resolve("restore.gmbackup")).doesNotExist();
        }
    }

    @Test
    void whatIsNoWholeBackupMakesNoCluster() throws Exception {
        Path to = directory.resolve("never");
        Path damaged = directory.resolve("damaged");
        Files.copy(backup, damaged);
        RaftFiles.flipBit(damaged, Files.size(damaged) - 20);
        Path cut = directory.resolve("cut");
        Files.copy(backup, cut);
        RaftFiles.cutTail(cut, 100);
        Path foreign = Files.writeString(directory.resolve("foreign"), "something else\n");
        Path newer = Files.writeString(directory.resolve("newer"), "gm-backup 2\n");

        assertThat(refused(1, restore(damaged, to))).contains("is damaged", "checksum");
        assertThat(refused(1, restore(cut, to))).contains("is cut off");
        assertThat(refused(1, restore(foreign, to))).contains("is no backup");
        assertThat(refused(1, restore(newer, to))).contains("has the format 'gm-backup 2'");
        assertThat(refused(3, restore(directory.resolve("nowhere"), to))).contains("does not exist");
        assertThat(to).doesNotExist();
        assertThat(refused(4, restore(backup, directory.resolve("cluster")))).contains("is not empty");
        assertThat(refused(2, "restore", backup.toString(), "--data", to.toString(), "--recovery-epoch", "0"))
                .contains("must be 1 to 8191");
    }

    /** The others have the same from the same file; this one must not begin with anything else. */
    @Test
    void aNodeWhoseCopyIsDamagedDoesNotBegin() throws Exception {
        Path to = directory.resolve("one-damaged");
        done(restore(backup, to));
        ProcessCluster cluster = ProcessCluster.open(to);
        Path copy = cluster.data("node-3").resolve("restore.gmbackup");
        RaftFiles.flipBit(copy, Files.size(copy) - 20);

        for (String nodeId : cluster.nodeIds()) {
            cluster.start(nodeId);
        }

        assertThat(cluster.exitStatus("node-3")).isEqualTo(4);
        assertThat(cluster.lastWord("node-3")).contains("restore.gmbackup", "is damaged");
        for (String nodeId : new String[] {"node-1", "node-2"}) {
            await(nodeId + " is ready").atMost(ProcessCluster.LIMIT).until(() -> cluster.isReady(nodeId));
            assertThat(cluster.api(nodeId).get(KEY).text()).isEqualTo("through it all");
        }
    }
}
