package io.groupmembership.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.show.Json;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.NodePorts;
import io.groupmembership.protocol.cluster.VolumeIdentity;
import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalClusterTest {
    private static final Duration READY = Duration.ofSeconds(30);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aNewClusterHasOneFileForAllAndAnIdentityForEachNode() throws IOException {
        // When
        LocalCluster cluster = LocalCluster.create(data(), LocalPorts.fromBase(7700, 3), launch());

        // Then
        ClusterFile file = Json.readFile(Files.readAllBytes(data().resolve("cluster.json")), ClusterFile.class);
        assertThat(file).isEqualTo(cluster.file());
        assertThat(cluster.nodeIds()).containsExactly("node-1", "node-2", "node-3");
        assertThat(file.nodes().get(1).httpPort()).isEqualTo(7702);
        assertThat(file.nodes().get(1).raftAdminPort()).isEqualTo(7752);
        for (ClusterFile.Node node : file.nodes()) {
            Path identity = data().resolve(node.nodeId()).resolve("identity.json");
            assertThat(Json.readFile(Files.readAllBytes(identity), VolumeIdentity.class))
                    .isEqualTo(new VolumeIdentity(1, file.clusterId(), node.nodeId(), node.peerId()));
            assertThat(node.peerId()).matches(node.nodeId() + "\\.[0-9a-f-]{36}");
        }
    }

    @Test
    void aNewClusterHasASecretThatItsOwnerAloneReads() throws IOException {
        // When
        LocalCluster.create(data(), LocalPorts.fromBase(7700, 1), launch());
        LocalCluster.create(directory.resolve("other"), LocalPorts.fromBase(7700, 1), launch());

        // Then
        Path file = data().resolve("secrets");
        String text = Files.readString(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(text).startsWith("# ").containsPattern("\n1 [A-Za-z0-9+/]{43}=\n$");
        assertThat(ClusterSecrets.parse(text).inUse().keyId()).isEqualTo(1);
        assertThat(directory.resolve("other/secrets")).content().isNotEqualTo(text);
    }

    @Test
    void aClusterOfBeforeThereWereSecretsIsGivenOneAndKeepsIt() throws IOException {
        // Given
        LocalCluster.create(data(), LocalPorts.fromBase(7700, 1), launch());
        Path file = data().resolve("secrets");
        Files.delete(file);

        // When
        LocalCluster.open(data(), launch());
        String given = Files.readString(file);
        LocalCluster.open(data(), launch());

        // Then
        assertThat(ClusterSecrets.parse(given).inUse().keyId()).isEqualTo(1);
        assertThat(file).content().isEqualTo(given);
    }

    @Test
    void aFastClusterIsFastAgainTheNextTime() throws IOException {
        // Given
        ClusterDirectory usual = new ClusterDirectory(data());
        usual.make(ClusterDirectory.draw("local", LocalPorts.fromBase(7700, 1)), Timing.USUAL);
        ClusterDirectory fast = new ClusterDirectory(directory.resolve("fast"));
        fast.make(ClusterDirectory.draw("local", LocalPorts.fromBase(7700, 1)), Timing.FAST);

        // When, Then
        assertThat(usual.timing()).isEqualTo(Timing.USUAL);
        assertThat(fast.timing()).isEqualTo(Timing.FAST);
        assertThat(launch().with(fast.timing().jvmArguments()).command(fast, founder("node-1"), List.of()))
                .containsSubsequence("-Dgm.node-timeout=1s", "-Dgm.tick=250ms", "-jar");

        // When
        Files.writeString(fast.path().resolve("timing"), "fas");

        // Then
        assertThatThrownBy(fast::timing).isInstanceOf(CliFailure.class).hasMessageContaining("must say fast or usual");
    }

    @Test
    void wipedNodesMustNotComeBackAsThePeersTheyWereWhereTheOthersAreNoMajority() throws IOException {
        // Given
        LocalCluster.create(data(), LocalPorts.fromBase(7700, 3), launch());
        Files.delete(data().resolve("node-1").resolve("identity.json"));
        LocalCluster.open(data(), launch());
        Files.delete(data().resolve("node-2").resolve("identity.json"));

        // When, Then
        assertThatThrownBy(() -> LocalCluster.open(data(), launch()))
                .isInstanceOf(CliFailure.class)
                .hasMessageContaining("node-1, node-2 have lost their identities")
                .hasMessageContaining("forgotten its votes");
    }

    @Test
    void theDirectoryOfAnotherClustersNodeIsRefused() throws IOException {
        // Given
        LocalCluster.create(data(), LocalPorts.fromBase(7700, 1), launch());
        LocalCluster.create(directory.resolve("other"), LocalPorts.fromBase(7700, 1), launch());
        Path foreign = directory.resolve("other/node-1/identity.json");
        Files.copy(foreign, data().resolve("node-1/identity.json"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        // When, Then
        assertThatThrownBy(() -> LocalCluster.open(data(), launch()))
                .hasMessageContaining("belongs to another cluster or node");
    }

    @Test
    void stateWithoutItsClusterFileIsNotFoundedAnew() throws IOException {
        // Given
        LocalCluster.create(data(), LocalPorts.fromBase(7700, 1), launch());
        Files.createDirectories(data().resolve("node-1/raft"));
        Files.delete(data().resolve("cluster.json"));

        // When, Then
        assertThatThrownBy(() -> LocalCluster.create(data(), LocalPorts.fromBase(7700, 1), launch()))
                .hasMessageContaining("cluster.json is missing");
    }

    @Test
    void aCommandLineNamesTheNodeItsDirectoryAndItsArguments() {
        // Given
        NodeLaunch launch = new NodeLaunch(
                Path.of("/jdk/bin/java"),
                Path.of("/app/node.jar"),
                Optional.of(Path.of("/app/jvm.args")),
                Optional.of(Path.of("/app/app.aot")),
                List.of("-Dextra=1"));
        ClusterDirectory place = new ClusterDirectory(Path.of("/data"));

        // When, Then
        assertThat(launch.command(place, founder("node-2"), List.of()))
                .startsWith("/jdk/bin/java", "@/app/jvm.args", "-XX:AOTCache=/app/app.aot")
                .containsSubsequence(
                        "-Dextra=1",
                        "-Dgm.node-id=node-2",
                        "-Dgm.data-dir=/data/node-2",
                        "-Dgm.cluster-file=/data/cluster.json",
                        "-Dgm.secrets-file=/data/secrets",
                        "-jar",
                        "/app/node.jar");
        assertThat(launch.command(place, founder("node-2"), List.of("-XX:AOTCacheOutput=/x")))
                .doesNotContain("-XX:AOTCache=/app/app.aot");
    }

    @Test
    void aPortInUseIsNamedWithItsPurpose() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Given
            NodePorts ports = new NodePorts(1, taken.getLocalPort(), 3, 4, 5, 6);
            ClusterFile cluster = ClusterDirectory.draw("local", List.of(ports));

            // When
            List<LocalPorts.Use> found = PortCheck.taken(cluster.nodes()).stream()
                    .filter(use -> use.port() == taken.getLocalPort())
                    .toList();

            // Then
            assertThat(PortCheck.message(found, true))
                    .isEqualTo("TCP port " + taken.getLocalPort() + ", wanted for the Raft of node-1, is in use by"
                            + " another program: end that program, or choose others: gm up --base-port 8700");
        }
    }

    @Test
    void nodesStartBecomeReadyDieAndStop() throws IOException, InterruptedException {
        try (LocalCluster cluster = LocalCluster.create(data(), LocalPorts.free(3), launch())) {
            // When
            cluster.startAll();
            cluster.awaitReady(READY);

            // Then
            assertThat(cluster.pids()).containsOnlyKeys("node-1", "node-2", "node-3");

            // When
            cluster.kill("node-2");

            // Then
            assertThat(cluster.isRunning("node-2")).isFalse();
            assertThat(cluster.isReady("node-2")).isFalse();
            assertThat(cluster.pids()).containsOnlyKeys("node-1", "node-3");

            // When
            cluster.start("node-2");
            cluster.awaitReady(READY);
            int killed = cluster.stopAll(Duration.ofSeconds(10));

            // Then
            assertThat(killed).isZero();
            assertThat(cluster.pids()).isEmpty();
        }
    }

    @Test
    void aNodeThatIsKilledIsStartedAgainAndOneWithADamagedLogIsNot() throws Exception {
        try (LocalCluster cluster = LocalCluster.create(data(), LocalPorts.free(2), launch())) {
            // Given
            List<String> heard = new CopyOnWriteArrayList<>();
            NodeSupervisor supervisor = new NodeSupervisor(cluster, recorder(heard));
            supervisor.start();
            cluster.awaitReady(READY);
            Files.createFile(data().resolve("node-2/damaged"));

            // When
            cluster.kill("node-1");
            cluster.kill("node-2");

            // Then
            await().atMost(30, TimeUnit.SECONDS).until(() -> cluster.isReady("node-1"));
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() ->
                            heard.contains("gave up node-2: gm-node: the log is damaged: restore it from a backup"));
            assertThat(heard).contains("restarting node-1 after 137 in PT0.5S");
            supervisor.stop(Duration.ofSeconds(10));
            supervisor.awaitAllDown();
            assertThat(cluster.pids()).isEmpty();
        }
    }

    @Test
    void aNodeThatRefusesItsSecretsStaysDownAndSaysWhy() throws Exception {
        try (LocalCluster cluster = LocalCluster.create(data(), LocalPorts.free(1), launch())) {
            // Given
            Files.writeString(data().resolve("secrets"), "1 half");
            List<String> heard = new CopyOnWriteArrayList<>();
            NodeSupervisor supervisor = new NodeSupervisor(cluster, recorder(heard));

            // When
            supervisor.start();
            supervisor.awaitAllDown();

            // Then
            assertThat(heard).containsExactly("started node-1", "gave up node-1: gm-node: the secrets are damaged");
        }
    }

    private static NodeSupervisor.Listener recorder(List<String> heard) {
        return new NodeSupervisor.Listener() {
            @Override
            public void started(String nodeId) {
                heard.add("started " + nodeId);
            }

            @Override
            public void restarting(String nodeId, int exitStatus, Duration pause) {
                heard.add("restarting " + nodeId + " after " + exitStatus + " in " + pause);
            }

            @Override
            public void changed(String what) {
                heard.add("changed: " + what);
            }

            @Override
            public void gaveUp(String nodeId, String lastWord) {
                heard.add("gave up " + nodeId + ": " + lastWord);
            }
        };
    }

    private static LocalNode founder(String nodeId) {
        return new LocalNode(nodeId, "127.0.0.1", 7701, true, 1, "", LocalNode.State.RUNNING);
    }

    private Path data() {
        return directory.resolve("data");
    }

    private NodeLaunch launch() throws IOException {
        return new NodeLaunch(
                NodeLaunch.currentJava(),
                FakeNode.jar(directory),
                Optional.empty(),
                Optional.empty(),
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m"));
    }
}
