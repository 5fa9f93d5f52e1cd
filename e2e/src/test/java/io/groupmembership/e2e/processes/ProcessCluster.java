package io.groupmembership.e2e.processes;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.cli.local.LocalCluster;
import io.groupmembership.cli.local.LocalPorts;
import io.groupmembership.cli.local.NodeLaunch;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Nodes;
import io.groupmembership.e2e.client.Started;
import io.groupmembership.protocol.cluster.ClusterFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Three node processes with free ports and small heaps, and what tests do to them. */
final class ProcessCluster implements Nodes, Started.Part {
    private static final int NODES = 3;
    private static final List<String> SMALL = List.of(
            "-Xms32m",
            "-Xmx192m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            // two cores run three nodes, the agents and these tests: an election must not come from that
            "-Dgm.election-timeout=400ms",
            "-Dgm.node-timeout=1s",
            "-Dgm.tick=250ms");

    private final LocalCluster local;
    private final Set<Long> paused = new HashSet<>();

    private ProcessCluster(LocalCluster local) {
        this.local = local;
    }

    /**
     * Makes a cluster and starts nothing.
     *
     * @param settings further JVM arguments of every node, as in -Dgm.request-timeout=2s
     */
    static ProcessCluster create(Path directory, String... settings) throws IOException {
        NodeLaunch launch =
                NodeLaunch.ofHome(Home.PATH).with(SMALL.toArray(String[]::new)).with(settings);
        return Started.add(new ProcessCluster(LocalCluster.create(directory, LocalPorts.free(NODES), launch)));
    }

    /** Opens a cluster that was made by a command, and starts nothing. */
    static ProcessCluster open(Path directory) throws IOException {
        NodeLaunch launch = NodeLaunch.ofHome(Home.PATH).with(SMALL.toArray(String[]::new));
        return Started.add(new ProcessCluster(LocalCluster.open(directory, launch)));
    }

    /** Makes a cluster whose nodes run on this java program. */
    static ProcessCluster ofJava(Path java, Path directory) throws IOException {
        NodeLaunch usual = NodeLaunch.ofHome(Home.PATH).with(SMALL.toArray(String[]::new));
        NodeLaunch launch = new NodeLaunch(
                java, usual.nodeJar(), usual.jvmArguments(), usual.aotCache(), usual.extraJvmArguments());
        return Started.add(new ProcessCluster(LocalCluster.create(directory, LocalPorts.free(NODES), launch)));
    }

    ProcessCluster startAll() throws IOException, InterruptedException {
        local.startAll();
        local.awaitReady(LIMIT);
        return this;
    }

    // ---- who is who

    List<String> nodeIds() {
        return local.nodeIds();
    }

    List<String> runningNodeIds() {
        return nodeIds().stream().filter(local::isRunning).toList();
    }

    /** Where a node is. */
    ClusterFile.Node place(String nodeId) {
        return local.file().nodes().stream()
                .filter(node -> node.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow();
    }

    NodeApi api(String nodeId) {
        return new NodeApi(local.url(nodeId));
    }

    @Override
    public List<NodeApi> apis() {
        return runningNodeIds().stream().map(this::api).toList();
    }

    /** The API for operators. */
    NodeApi admin(String nodeId) {
        return new NodeApi(local.adminUrl(nodeId));
    }

    URI url(String nodeId) {
        return local.url(nodeId);
    }

    String urls() {
        return local.urls().stream().map(URI::toString).collect(Collectors.joining(","));
    }

    /** The node that all running nodes take for the leader, once they do. */
    String leader() {
        return await().atMost(LIMIT).ignoreExceptions().until(this::agreedLeader, leader -> !leader.isEmpty());
    }

    private String agreedLeader() throws IOException, InterruptedException {
        Set<String> leaders = new HashSet<>();
        for (NodeApi node : apis()) {
            JsonNode leader = node.get("/v1/raft").json().path("leader");
            leaders.add(leader.asText(""));
        }
        String leader = leaders.size() == 1 ? leaders.iterator().next() : "";
        return local.nodeIds().contains(leader) && local.isRunning(leader) ? leader : "";
    }

    List<String> followers() {
        String leader = leader();
        return runningNodeIds().stream().filter(node -> !node.equals(leader)).toList();
    }

    String otherThan(String... nodeIds) {
        return runningNodeIds().stream()
                .filter(node -> !Arrays.asList(nodeIds).contains(node))
                .findFirst()
                .orElseThrow();
    }

    // ---- life and death

    void kill(String... nodeIds) {
        for (String nodeId : nodeIds) {
            local.kill(nodeId);
        }
    }

    /** Kills all nodes, so fast that none sees the others go. */
    void killAll() throws IOException, InterruptedException {
        for (long pid : List.copyOf(local.pids().values())) {
            Signal.KILL.to(pid);
        }
        nodeIds().forEach(local::kill);
    }

    void terminate(String nodeId) throws IOException, InterruptedException {
        Signal.TERM.to(pid(nodeId));
    }

    void pause(String nodeId) throws IOException, InterruptedException {
        paused.add(pid(nodeId));
        Signal.STOP.to(pid(nodeId));
    }

    void resume(String nodeId) throws IOException, InterruptedException {
        Signal.CONT.to(pid(nodeId));
        paused.remove(pid(nodeId));
    }

    private long pid(String nodeId) {
        return Objects.requireNonNull(local.pids().get(nodeId), () -> nodeId + " does not run");
    }

    /** Starts a node and returns at once. */
    void start(String nodeId) throws IOException {
        local.start(nodeId);
    }

    /** Starts nodes and waits until all that run are ready. */
    void restart(String... nodeIds) throws IOException, InterruptedException {
        for (String nodeId : nodeIds) {
            local.start(nodeId);
        }
        local.awaitReady(LIMIT);
    }

    /** Waits until a node has ended by itself; its exit status. */
    int exitStatus(String nodeId) throws Exception {
        return local.exit(nodeId).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isRunning(String nodeId) {
        return local.isRunning(nodeId);
    }

    boolean isReady(String nodeId) {
        return local.isReady(nodeId);
    }

    // ---- files

    Path data(String nodeId) {
        return local.directory().nodeDirectory(nodeId);
    }

    RaftFiles files(String nodeId) {
        return new RaftFiles(data(nodeId), local.file().clusterId());
    }

    Path log(String nodeId) {
        return local.directory().logFile(nodeId);
    }

    /** What the node said last in a line of its own. */
    String lastWord(String nodeId) {
        return local.lastLogLine(nodeId);
    }

    @Override
    public void end() {
        paused.clear();
        local.close();
    }

    @Override
    public String lastWords() {
        return nodeIds().stream().map(node -> FileTail.of(log(node))).collect(Collectors.joining("\n"));
    }
}
