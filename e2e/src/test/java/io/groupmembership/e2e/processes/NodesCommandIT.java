package io.groupmembership.e2e.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.cli.local.LocalPorts;
import io.groupmembership.cli.local.NodeLaunch;
import io.groupmembership.e2e.client.Group;
import io.groupmembership.e2e.client.JoinStream;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Nodes;
import io.groupmembership.e2e.client.Started;
import io.groupmembership.protocol.cluster.NodePorts;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The nodes of a cluster change while it is used: by {@code gm nodes}, in the cluster of {@code gm up} and elsewhere. */
@ExtendWith(Started.class)
class NodesCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private int basePort;
    private @Nullable Up up;

    /** What a test leaves running. */
    private record Up(Path directory, Path data) implements Started.Part {
        @Override
        public void end() {
            if (!Files.exists(data)) {
                return;
            }
            try {
                GmRun.of(directory, Map.of(), "down", "--data", data.toString());
            } catch (IOException e) {
                throw new IllegalStateException("gm down failed", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public String lastWords() {
            return FileTail.of(data.resolve("logs/up.log")) + "\n" + FileTail.of(data.resolve("logs/node-4.log"));
        }
    }

    /** A node that somebody has started by hand. */
    private record ByHand(Process process, Path log) implements Started.Part {
        @Override
        public void end() {
            process.destroyForcibly();
        }

        @Override
        public String lastWords() {
            return FileTail.of(log);
        }
    }

    @BeforeEach
    void up() throws Exception {
        List<NodePorts> ports = LocalPorts.free(9);
        basePort = ports.getFirst().http() - 1;
        up = Started.add(new Up(directory, data()));
        upAgain();
    }

    /** Before its directory goes. */
    @AfterEach
    void down() {
        if (up != null) {
            up.end();
        }
    }

    private void upAgain() throws IOException, InterruptedException {
        done(
                "up",
                "--detach",
                "--ready-timeout",
                "80s",
                "--data",
                data().toString(),
                "--base-port",
                String.valueOf(basePort));
    }

    private Path data() {
        return directory.resolve("data");
    }

    private GmRun gm(String... arguments) throws IOException, InterruptedException {
        return GmRun.of(directory, Map.of("GM_SERVER", url(1) + "," + url(2) + "," + url(3)), arguments);
    }

    private String done(String... arguments) throws IOException, InterruptedException {
        GmRun run = gm(arguments);
        assertThat(run.status()).as("%s", run).isZero();
        return run.out();
    }

    private String[] nodes(String... arguments) {
        return Stream.of(Stream.of("nodes"), Stream.of(arguments), Stream.of("--data", data().toString()))
                .flatMap(words -> words)
                .toArray(String[]::new);
    }

    private String refused(int status, String... arguments) throws IOException, InterruptedException {
        GmRun run = gm(arguments);
        assertThat(run.status()).as("%s", run).isEqualTo(status);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("error: ");
        return run.err();
    }

    private String url(int node) {
        return "http://127.0.0.1:" + (basePort + node);
    }

    private String admin(int node) {
        return "127.0.0.1:" + NodePorts.ofBase(basePort + node).admin();
    }

    private NodeApi api(int node) {
        return new NodeApi(URI.create(url(node)));
    }

    private Nodes apis(int... nodes) {
        List<NodeApi> apis = new ArrayList<>();
        for (int node : nodes) {
            apis.add(api(node));
        }
        return () -> apis;
    }

    private List<String> in() throws IOException, InterruptedException {
        List<String> nodes = new ArrayList<>();
        JSON.readTree(done("nodes", "-o", "json"))
                .get("nodes")
                .forEach(node -> nodes.add(node.get("nodeId").asText()));
        return nodes;
    }

    /** A node that went is shown until the others have missed it. */
    private void awaitIn(List<String> nodes) {
        await("nodes " + nodes).atMost(Nodes.LIMIT).ignoreExceptions().until(() -> in().equals(nodes));
    }

    private String leader() {
        return await().atMost(Nodes.LIMIT)
                .ignoreExceptions()
                .until(
                        () -> JSON.readTree(done("nodes", "-o", "json"))
                                .get("leader")
                                .asText(""),
                        leader -> leader.startsWith("node-"));
    }

    private Map<String, String> states() throws IOException, InterruptedException {
        Map<String, String> states = new TreeMap<>();
        JSON.readTree(done("status", "--data", data().toString(), "-o", "json"))
                .forEach(node ->
                        states.put(node.get("node").asText(), node.get("state").asText()));
        return states;
    }

    private void awaitAllReady(String... nodes) {
        await("all ready").atMost(Nodes.LIMIT).ignoreExceptions().until(() -> {
            Map<String, String> states = states();
            return states.keySet().equals(Set.of(nodes))
                    && states.values().stream().allMatch("ready"::equals);
        });
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void itGrowsToFiveAndShrinksToThreeWithItsLeaderGoneAndNoJoinIsLost() throws Exception {
        // given
        Set<Integer> asked = ConcurrentHashMap.newKeySet();
        asked.addAll(List.of(1, 2, 3));
        Group group = new Group(() -> asked.stream().map(this::api).toList(), "stream").withPolicy(Group.PATIENT);
        JoinStream joins = new JoinStream(group, apis(1, 2, 3, 4, 5).apis())
                .clients(3, Duration.ofMillis(50))
                .start();
        joins.awaitMore(20);

        // when
        assertThat(done(nodes("add", "node-4"))).contains("start node-4", "admit node-4", "the cluster has 4 nodes");
        assertThat(refused(4, nodes("add", "node-4"))).contains("node-4 is in already");
        assertThat(done(nodes("add", "node-5"))).contains("the cluster has 5 nodes");
        awaitIn(List.of("node-1", "node-2", "node-3", "node-4", "node-5"));
        done(nodes("transfer", "node-5"));
        assertThat(leader()).isEqualTo("node-5");
        joins.awaitMore(20);
        JsonNode removal = JSON.readTree(done(nodes("remove", "node-5", "-o", "json")));
        String founder = leader();
        asked.remove(Integer.parseInt(founder.substring("node-".length())));
        assertThat(done(nodes("remove", founder))).contains("move leadership from " + founder, "has 3 nodes");
        joins.awaitMore(20);
        joins.stop();

        // then
        System.out.println("3 to 4 to 5 to 3 nodes: " + joins);
        joins.assertAllThereOnce(0);
        assertThat(removal.get("peers")).hasSize(4);
        List<String> rest = new ArrayList<>(List.of("node-1", "node-2", "node-3", "node-4"));
        rest.remove(founder);
        awaitIn(rest);
        assertThat(data().resolve(founder)).doesNotExist();
        assertThat(data().resolve("removed")).isDirectoryContaining("glob:**" + founder + ".*");

        // when it is stopped and started
        done("down", "--data", data().toString());
        upAgain();

        // then
        awaitAllReady(rest.toArray(String[]::new));
        awaitIn(rest);
        joins.assertAllThereOnce(0);
        assertThat(done(nodes("add", founder))).contains("the cluster has 4 nodes");
        joins.assertAllThereOnce(0);
    }

    @Test
    void aNodeWhoseDirectoryWasDeletedComesBackAsANewPeerAndTheRestIsRefusedWhatItCanNotCarry() throws Exception {
        // given
        assertThat(refused(4, nodes("replace", "node-2"))).contains("nothing to replace");
        Group group = new Group(apis(1, 2, 3), "kept").withPolicy(Group.PATIENT);
        long before = group.join(api(1), "a", "127.0.0.1:9", "tcp");
        done("down", "--data", data().toString());
        delete(data().resolve("node-2"));

        // when the founder is started it refuses, and the others serve
        upAgain();
        assertThat(Files.readString(data().resolve("logs/up.log"))).contains("gm nodes replace node-2");
        String leader = leader();
        String other = leader.equals("node-1") ? "node-3" : "node-1";

        // then
        assertThat(refused(4, nodes("remove", other))).contains("no majority");
        assertThat(refused(4, nodes("remove", leader))).contains("only 1 of 2 nodes");
        assertThat(refused(4, nodes("replace", other))).contains("nothing to replace");
        assertThat(refused(4, nodes("transfer", "node-2"))).contains("can't lead");
        assertThat(refused(3, nodes("transfer", "node-9"))).contains("node-9 is not in the cluster");
        assertThat(refused(3, nodes("remove", "node-9"))).contains("node-9 is not in the cluster");

        // when
        assertThat(done(nodes("replace", "node-2"))).contains("swap the old peer of node-2");

        // then
        awaitAllReady("node-1", "node-2", "node-3");
        assertThat(Group.incarnations(new Group(apis(2), "kept").view())).isEqualTo(Map.of("a", before));
        done("down", "--data", data().toString());
        upAgain();
        awaitAllReady("node-1", "node-2", "node-3");
    }

    @Test
    void aCommandThatIsKilledBetweenStepsIsCompletedByTheNext() throws Exception {
        // given
        GmRun.Running add = GmRun.start(directory, Map.of(), nodes("add", "node-4"));
        await("the first step").atMost(Nodes.LIMIT).until(() -> add.outText().contains("start node-4"));

        // when
        add.end();
        add.process().waitFor();

        // then
        assertThat(in()).doesNotContain("node-4");
        assertThat(done(nodes("add", "node-4"))).contains("admit node-4", "the cluster has 4 nodes");

        // when
        GmRun.Running remove = GmRun.start(directory, Map.of(), nodes("remove", "node-4"));
        await("the second step")
                .atMost(Nodes.LIMIT)
                .until(() -> remove.outText().contains("take node-4 out"));
        remove.end();
        remove.process().waitFor();

        // then
        assertThat(done(nodes("remove", "node-4"))).contains("gm up runs node-4 no more");
        awaitAllReady("node-1", "node-2", "node-3");
    }

    @Test
    void nodesThatSomebodyElseRunsAreAddedMovedAndRemovedThroughTheirAdminPorts() throws Exception {
        // given
        String[] through = {"--admin", admin(1), "--admin", admin(2)};
        byHand("node-4", 4, "first");
        byHand("node-4", 5, "second");

        // when
        assertThat(done(with(through, "nodes", "add", "node-4", "--at", admin(4))))
                .contains("has 4 nodes");

        // then
        assertThat(refused(4, with(through, "nodes", "add", "node-4", "--at", admin(5))))
                .contains("remove it, then add it");
        assertThat(refused(4, with(through, "nodes", "add", "node-9", "--at", admin(5))))
                .contains("is node-4, and not node-9");

        // when it moves
        assertThat(done(with(through, "nodes", "remove", "node-4"))).contains("has 3 nodes");
        assertThat(done(with(through, "nodes", "add", "node-4", "--at", admin(5))))
                .contains("has 4 nodes");

        // then
        assertThat(JSON.readTree(done("nodes", "-o", "json")).get("nodes"))
                .anySatisfy(node -> assertThat(node.get("address").asText()).isEqualTo(url(5)));
        done(with(through, "nodes", "transfer", "node-4"));
        assertThat(leader()).isEqualTo("node-4");
        assertThat(api(5).get("/v1/groups").status()).isEqualTo(200);
        assertThat(done(with(through, "nodes", "remove", "node-4"))).contains("move leadership from node-4");

        // when the process is of another cluster
        Process foreign = byHand("node-6", 6, "foreign");
        await("it waits")
                .atMost(Nodes.LIMIT)
                .ignoreExceptions()
                .until(() -> state(6).get("role").asText().equals("unformed"));
        new NodeApi(URI.create("http://" + admin(6)))
                .post(
                        "/v1/raft/form",
                        Map.of(
                                "peerId",
                                state(6).get("peerId").asText(),
                                "clusterId",
                                "0badcafe-0000-4000-8000-000000000000",
                                "clusterName",
                                "another",
                                "recoveryEpoch",
                                0,
                                "founder",
                                true,
                                "minimumPeers",
                                1));

        // then
        assertThat(refused(4, with(through, "nodes", "add", "node-6", "--at", admin(6))))
                .contains("is of cluster 0badcafe");
        foreign.destroyForcibly();

        // when no more than one is left
        done(with(through, "nodes", "transfer", "node-1"));
        done(with(through, "nodes", "remove", "node-3"));
        done(with(through, "nodes", "remove", "node-2"));

        // then
        assertThat(refused(4, "nodes", "remove", "node-1", "--admin", admin(1))).contains("the last node");
        assertThat(refused(5, "nodes", "remove", "node-1", "--admin", "127.0.0.1:9"))
                .contains("no node answers");
        assertThat(refused(2, "nodes", "add", "node-4", "--admin", admin(1))).contains("--at");
    }

    private JsonNode state(int node) throws IOException, InterruptedException {
        return new NodeApi(URI.create("http://" + admin(node))).get("/v1/raft").json();
    }

    private static String[] with(String[] through, String... arguments) {
        return Stream.concat(Stream.of(arguments), Stream.of(through)).toArray(String[]::new);
    }

    private Process byHand(String nodeId, int port, String volume) throws IOException {
        Path log = directory.resolve(volume + ".log");
        NodeLaunch launch = NodeLaunch.ofHome(Home.PATH);
        List<String> command = new ArrayList<>(List.of(launch.java().toString()));
        launch.jvmArguments().ifPresent(file -> command.add("@" + file));
        command.addAll(List.of(
                "-Xmx192m",
                "-Dgm.node-id=" + nodeId,
                "-Dgm.data-dir=" + directory.resolve(volume),
                "-Dgm.host=127.0.0.1",
                "-Dgm.bind=127.0.0.1",
                "-Dgm.base-port=" + (basePort + port),
                "-Dgm.secrets-file=" + data().resolve("secrets"),
                "-jar",
                launch.nodeJar().toString()));
        ByHand node = new ByHand(
                new ProcessBuilder(command)
                        .redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
        Started.add(node);
        return node.process();
    }
}
