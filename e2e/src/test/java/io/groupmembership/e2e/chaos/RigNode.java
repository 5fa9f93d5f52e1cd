package io.groupmembership.e2e.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.cli.local.NodeLaunch;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.processes.FileTail;
import io.groupmembership.e2e.processes.Home;
import io.groupmembership.e2e.processes.Signal;
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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One node of a rig: its place, its volume and, while it runs, its process. For every thread. */
final class RigNode {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);
    private static final List<String> SMALL = List.of(
            "-Xms32m",
            "-Xmx192m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            // some cores run all nodes and their clients: an election must not come from that
            "-Dgm.election-timeout=400ms",
            "-Dgm.node-timeout=1s",
            "-Dgm.tick=250ms",
            "-Dgm.request-timeout=3s",
            "-Dgm.snapshot-entries=2000");

    final int place;
    final String nodeId;
    private final Network network;
    private final Path directory;
    private final Path volume;
    private final Map<String, String> environment;
    private @Nullable Process process;
    private boolean paused;

    /**
     * @param directory for its log
     * @param volume where its data is, below
     */
    RigNode(int place, Network network, Path directory, Path volume, Map<String, String> environment) {
        this.place = place;
        this.nodeId = "node-" + place;
        this.network = network;
        this.directory = directory;
        this.volume = volume;
        this.environment = environment;
    }

    private static NodePorts ports() {
        return NodePorts.ofBase(NodePorts.DEFAULT_BASE);
    }

    NodeApi api() {
        return new NodeApi(URI.create("http://" + network.address(place) + ":" + ports().http()));
    }

    NodeApi admin() {
        return new NodeApi(URI.create("http://" + network.address(place) + ":" + ports().admin()));
    }

    /** This node's part of a Raft configuration. */
    Map<String, String> peer(String peerId) {
        String host = network.address(place) + ":";
        return Map.of(
                "peerId", peerId,
                "address", host + ports().peer(),
                "clientAddress", host + ports().client(),
                "adminAddress", host + ports().raftAdmin());
    }

    /** What the node says of the Raft group. */
    JsonNode raft() throws IOException, InterruptedException {
        return admin().get("/v1/raft").json();
    }

    // ---- life and death

    synchronized void start() throws IOException {
        if (isRunning()) {
            return;
        }
        NodeLaunch launch = NodeLaunch.ofHome(Home.PATH);
        List<String> command = new ArrayList<>();
        command.add(launch.java().toString());
        launch.jvmArguments().ifPresent(file -> command.add("@" + file));
        launch.aotCache().ifPresent(file -> command.add("-XX:AOTCache=" + file));
        command.addAll(NodeLaunch.SILENT_CACHE);
        command.addAll(SMALL);
        command.add("-Dgm.node-id=" + nodeId);
        command.add("-Dgm.host=" + network.address(place));
        command.add("-Dgm.insecure=true");
        command.add("-Dgm.data-dir=" + data());
        command.add("-jar");
        command.add(launch.nodeJar().toString());
        ProcessBuilder builder = new ProcessBuilder(network.at(place, command))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("GM_"));
        builder.environment().putAll(environment);
        process = builder.start();
        paused = false;
    }

    synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    synchronized boolean isPaused() {
        return paused;
    }

    synchronized void kill() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroyForcibly();
        try {
            if (!running.waitFor(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(nodeId + " does not end, even when killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    synchronized void pause() throws IOException, InterruptedException {
        if (process != null && process.isAlive() && !paused) {
            Signal.STOP.to(process.pid());
            paused = true;
        }
    }

    synchronized void resume() throws IOException, InterruptedException {
        if (process != null && process.isAlive() && paused) {
            Signal.CONT.to(process.pid());
        }
        paused = false;
    }

    /** Its volume is lost; the process must have ended. */
    void wipe() throws IOException {
        if (!Files.exists(data())) {
            return;
        }
        try (var files = Files.walk(data())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Path data() {
        return volume.resolve("data");
    }

    private Path log() {
        return directory.resolve(nodeId + ".log");
    }

    String lastWords() {
        return FileTail.of(log());
    }
}
