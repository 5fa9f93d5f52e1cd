package io.groupmembership.cli.local;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.http.Connector;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.NodePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A cluster of node processes on this machine. It starts and ends them when told and does nothing by itself: a node
 * that dies stays dead ({@link NodeSupervisor} is what restarts). Its state is in its directory and survives it.
 *
 * <p>For every thread.
 */
public final class LocalCluster implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(25);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final ClusterDirectory directory;
    private final ClusterFile cluster;
    private final NodeLaunch launch;
    private volatile LocalNodes nodes;
    private final Map<String, NodeProcess> processes = new LinkedHashMap<>();

    private LocalCluster(ClusterDirectory directory, ClusterFile cluster, LocalNodes nodes, NodeLaunch launch) {
        this.nodes = nodes;
        this.directory = directory;
        this.cluster = cluster;
        this.launch = launch;
    }

    /** Makes a new cluster in a directory that has none; starts nothing. */
    public static LocalCluster create(Path directory, List<NodePorts> nodes, NodeLaunch launch) throws IOException {
        ClusterDirectory place = new ClusterDirectory(directory);
        if (place.read().isPresent()) {
            throw new CliFailure(ExitCode.ERROR, "a cluster is in " + place.path() + " already");
        }
        ClusterFile cluster = ClusterDirectory.draw("local", nodes);
        place.make(cluster, Timing.USUAL);
        return new LocalCluster(place, cluster, LocalNodes.of(cluster), launch);
    }

    /** Opens the cluster of a directory, which gets what clusters of before did not have; starts nothing. */
    public static LocalCluster open(Path directory, NodeLaunch launch) throws IOException {
        ClusterDirectory place = new ClusterDirectory(directory);
        ClusterFile cluster = place.read()
                .orElseThrow(() ->
                        new CliFailure(ExitCode.NOT_FOUND, "no cluster is in " + place.path() + ": gm up makes one"));
        place.refuseLostIdentities(cluster);
        place.giveSecrets();
        return new LocalCluster(
                place, cluster, place.nodes(cluster), launch.with(place.timing().jvmArguments()));
    }

    public ClusterDirectory directory() {
        return directory;
    }

    public ClusterFile file() {
        return cluster;
    }

    /** Which nodes are to run. */
    public List<String> nodeIds() {
        return nodes.running().stream().map(LocalNode::nodeId).toList();
    }

    LocalNodes nodes() {
        return nodes;
    }

    /** From now on these are the nodes; starts and ends nothing. */
    void follow(LocalNodes changed) {
        nodes = changed;
    }

    /** The base URL of a node's HTTP API. */
    public URI url(String nodeId) {
        return directory.connector().url(node(nodeId).http());
    }

    /** The base URL of a node's API for operators. */
    public URI adminUrl(String nodeId) {
        return directory.connector().url(node(nodeId).admin());
    }

    public List<URI> urls() {
        return nodeIds().stream().map(this::url).toList();
    }

    /**
     * Starts a node that is not running and returns at once; {@link #awaitReady} waits for it.
     *
     * @param jvmArguments for this start alone
     */
    public void start(String nodeId, String... jvmArguments) throws IOException {
        LocalNode node = node(nodeId);
        synchronized (processes) {
            NodeProcess before = processes.get(nodeId);
            if (before != null && before.isAlive()) {
                throw new IllegalStateException(nodeId + " runs already, as process " + before.pid());
            }
            if (directory.tls().isOn()) {
                directory.tls().keepNode(node, Instant.now());
            }
            List<String> command = launch.command(directory, node, List.of(jvmArguments));
            processes.put(nodeId, NodeProcess.start(command, directory.logFile(nodeId)));
        }
    }

    public void startAll() throws IOException {
        for (String nodeId : nodeIds()) {
            start(nodeId);
        }
    }

    /** Asks a node to end (SIGTERM) and kills it at the limit. Nothing where it is not running. */
    public void stop(String nodeId, Duration limit) {
        NodeProcess process = process(nodeId);
        if (process != null) {
            process.askToEnd();
            process.awaitEndOrKill(limit);
        }
    }

    /** Asks all nodes to end at once and kills those that still run at the limit. Returns how many it had to kill. */
    public int stopAll(Duration limit) {
        List<NodeProcess> running;
        synchronized (processes) {
            running = processes.values().stream().filter(NodeProcess::isAlive).toList();
        }
        running.forEach(NodeProcess::askToEnd);
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        int killed = 0;
        for (NodeProcess process : running) {
            Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            killed += process.awaitEndOrKill(left) ? 0 : 1;
        }
        return killed;
    }

    /** Ends a node without asking (SIGKILL), and returns when it is gone. Nothing where it is not running. */
    public void kill(String nodeId) {
        NodeProcess process = process(nodeId);
        if (process != null) {
            process.kill(KILL_LIMIT);
        }
    }

    public boolean isRunning(String nodeId) {
        NodeProcess process = process(nodeId);
        return process != null && process.isAlive();
    }

    /** The process ids of the nodes that run. */
    public Map<String, Long> pids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        synchronized (processes) {
            processes.forEach((nodeId, process) -> {
                if (process.isAlive()) {
                    pids.put(nodeId, process.pid());
                }
            });
        }
        return pids;
    }

    /** Completes with the exit status when the last started process of this node has ended. */
    public CompletableFuture<Integer> exit(String nodeId) {
        NodeProcess process = process(nodeId);
        if (process == null) {
            throw new IllegalStateException(nodeId + " was never started");
        }
        return process.exit();
    }

    /** Whether the node serves: it has a leader and is live. */
    public boolean isReady(String nodeId) {
        Connector connector = directory.connector();
        return isRunning(nodeId)
                && nodes.node(nodeId)
                        .filter(node -> Readiness.ask(connector, connector.url(node.http())) == Readiness.READY)
                        .isPresent();
    }

    /** Waits until every node that runs is ready, and at least one does; fails at the limit, or when one ends. */
    public void awaitReady(Duration limit) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        List<String> waiting = new ArrayList<>(pids().keySet());
        if (waiting.isEmpty()) {
            throw new IllegalStateException("no node runs");
        }
        while (true) {
            waiting.removeIf(this::isReady);
            if (waiting.isEmpty()) {
                return;
            }
            for (String nodeId : waiting) {
                if (!isRunning(nodeId)) {
                    throw new IllegalStateException(
                            nodeId + " ended with status " + exit(nodeId).getNow(-1) + ": " + lastLogLine(nodeId));
                }
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IllegalStateException(
                        waiting + " not ready after " + limit.toMillis() + " ms: " + lastLogLine(waiting.getFirst()));
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    /** What the node said last about itself, else the last line of its log. */
    public String lastLogLine(String nodeId) {
        return NodeLog.lastWord(directory.logFile(nodeId));
    }

    /** Kills what still runs. */
    @Override
    public void close() {
        List<NodeProcess> all;
        synchronized (processes) {
            all = List.copyOf(processes.values());
        }
        all.forEach(process -> process.kill(KILL_LIMIT));
    }

    private LocalNode node(String nodeId) {
        return nodes.node(nodeId).orElseThrow(() -> new IllegalArgumentException("no node " + nodeId));
    }

    private @org.jspecify.annotations.Nullable NodeProcess process(String nodeId) {
        synchronized (processes) {
            return processes.get(nodeId);
        }
    }
}
