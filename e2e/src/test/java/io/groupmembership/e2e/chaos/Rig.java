package io.groupmembership.e2e.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.Nodes;
import io.groupmembership.e2e.client.Started;
import io.groupmembership.e2e.processes.CLibrary;
import io.groupmembership.e2e.processes.SetClocks;
import io.groupmembership.e2e.processes.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster of three node processes, with place for two more, each in a network namespace and on a small disk of its
 * own, with clocks and a disk that can be made to fail. It needs root, and a C compiler.
 *
 * <p>It does what an operator does and no more: it starts nodes that ended, admits those that are new, and takes out
 * those that are to go, one at a time.
 */
final class Rig implements Nodes, Started.Part {
    static final int NODES = 3;
    static final int PLACES = 5;
    private static final int DISK_MEGABYTES = 512;
    /** For nodes that start and come in, on a machine that has more to do. */
    static final Duration WHOLE_LIMIT = Duration.ofMinutes(3);

    private static final Duration POLL = Duration.ofMillis(100);

    final Network network;
    private final Path directory;
    private final SetClocks clocks;
    private final Map<Integer, SmallDisk> disks = new LinkedHashMap<>();
    private final List<RigNode> nodes = new ArrayList<>();
    private final String clusterId = UUID.randomUUID().toString();
    private final Map<Integer, Boolean> wanted = new ConcurrentHashMap<>();
    private final Thread supervisor = Thread.ofVirtual().name("rig").unstarted(this::restartWhatEnded);
    private volatile boolean ended;

    private Rig(Network network, Path directory, SetClocks clocks) {
        this.network = network;
        this.directory = directory;
        this.clocks = clocks;
    }

    /** Makes one and waits until it serves; skips the test where this machine can't. */
    static Rig start(Path directory) throws IOException, InterruptedException {
        assumeTrue(Network.isPossible(), "network namespaces and iptables are wanted, and root");
        Optional<SetClocks> clocks = SetClocks.make(directory);
        assumeTrue(clocks.isPresent(), "a C compiler is wanted");
        Rig rig = Started.add(new Rig(Network.make(PLACES), directory, clocks.orElseThrow()));
        rig.build();
        return rig;
    }

    private void build() throws IOException, InterruptedException {
        Path library = CLibrary.compile(directory, "disk").orElseThrow();
        for (int place = 1; place <= PLACES; place++) {
            Path volume = Files.createDirectory(directory.resolve("volume-" + place));
            disks.put(place, SmallDisk.mount(volume, DISK_MEGABYTES).orElseThrow());
            Map<String, String> environment = new LinkedHashMap<>(clocks.environment("node-" + place));
            environment.merge("LD_PRELOAD", library.toString(), (one, other) -> one + " " + other);
            environment.put("DISK", faultOfDisk(place).toString());
            nodes.add(new RigNode(place, network, directory, volume, environment));
        }
        supervisor.start();
        for (int place = 1; place <= NODES; place++) {
            start(node(place));
        }
        if (!form(node(1), true, WHOLE_LIMIT)) {
            throw new IllegalStateException("the first node can't be formed");
        }
        makeWhole();
    }

    // ---- who is who

    RigNode node(int place) {
        return nodes.get(place - 1);
    }

    /** The nodes of which a cluster at rest consists. */
    List<RigNode> usual() {
        return nodes.subList(0, NODES);
    }

    /** The nodes that should run, paused or not. */
    List<RigNode> running() {
        return nodes.stream().filter(node -> wanted.containsKey(node.place)).toList();
    }

    @Override
    public List<NodeApi> apis() {
        return running().stream().map(RigNode::api).toList();
    }

    /** The node that leads in the highest term, as far as nodes can be asked. */
    Optional<RigNode> leader() throws InterruptedException {
        RigNode leader = null;
        long term = -1;
        for (RigNode node : running()) {
            if (node.isPaused() || !node.isRunning()) {
                continue;
            }
            Optional<JsonNode> state = state(node);
            if (state.isPresent()
                    && state.get().path("role").asText().equals("leader")
                    && state.get().path("term").asLong() > term) {
                leader = node;
                term = state.get().path("term").asLong();
            }
        }
        return Optional.ofNullable(leader);
    }

    private static Optional<JsonNode> state(RigNode node) throws InterruptedException {
        try {
            return Optional.of(node.raft());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    // ---- life and death

    void start(RigNode node) throws IOException {
        wanted.put(node.place, true);
        node.start();
    }

    /** Ends it without asking; it stays so. */
    void kill(RigNode node) {
        wanted.remove(node.place);
        node.kill();
    }

    /** As {@code gm up} and Kubernetes do. */
    private void restartWhatEnded() {
        while (!ended) {
            try {
                for (RigNode node : running()) {
                    if (!node.isRunning() && wanted.containsKey(node.place) && !ended) {
                        node.start();
                    }
                }
                TimeUnit.MILLISECONDS.sleep(500);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    // ---- disks and clocks

    private Path faultOfDisk(int place) {
        return directory.resolve("disk-" + place);
    }

    /** From now on what it writes is not kept. */
    void failDisk(RigNode node) throws IOException {
        Files.writeString(faultOfDisk(node.place), "fails");
    }

    /** From now on each write takes so much longer. */
    void slowDisk(RigNode node, Duration longer) throws IOException {
        Files.writeString(faultOfDisk(node.place), String.valueOf(longer.toMillis()));
    }

    void fillDisk(RigNode node) throws IOException {
        disk(node).fill();
    }

    private SmallDisk disk(RigNode node) {
        return Objects.requireNonNull(disks.get(node.place));
    }

    void setClock(RigNode node, Duration ahead) throws IOException {
        clocks.setTimeOfDay(node.nodeId, ahead);
    }

    // ---- the configuration

    /**
     * Tells a node with an empty volume that it is of this cluster; the configuration has to admit it yet.
     *
     * @return whether it knows at the limit
     */
    boolean form(RigNode node, boolean founder, Duration limit) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() - deadlineNanos < 0) {
            Optional<JsonNode> state = state(node);
            if (state.isPresent() && !state.get().path("role").asText().equals("unformed")) {
                return true;
            }
            if (state.isPresent()) {
                Map<String, Object> request = new LinkedHashMap<>();
                request.put("peerId", state.get().path("peerId").asText());
                request.put("clusterId", clusterId);
                request.put("clusterName", "rig");
                request.put("recoveryEpoch", 0);
                request.put("founder", founder);
                request.put("minimumPeers", NODES);
                node.admin().post("/v1/raft/form", request);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return false;
    }

    /**
     * Has these nodes in the configuration and no others, by one step after the other: whoever is new, or new again, is
     * admitted; then the others are taken out.
     *
     * @return what is left to do at the limit; empty where it is done
     */
    Optional<String> bringIn(List<RigNode> members, Duration limit) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        String left = "nothing was tried";
        while (System.nanoTime() - deadlineNanos < 0) {
            try {
                for (RigNode member : members) {
                    start(member);
                    if (!form(member, false, Duration.ofNanos(deadlineNanos - System.nanoTime()))) {
                        return Optional.of(member.nodeId + " can't be formed");
                    }
                }
                Optional<RigNode> leader = leader();
                Optional<String> step =
                        leader.isEmpty() ? Optional.of("nobody leads") : Configuration.step(leader.get(), members);
                if (step.isEmpty()) {
                    return Optional.empty();
                }
                left = step.get();
            } catch (IOException e) {
                left = e.toString();
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
        return Optional.of(left);
    }

    // ---- healing

    /** Ends every fault but those of the configuration. */
    void heal() throws IOException, InterruptedException {
        network.heal();
        for (RigNode node : nodes) {
            node.resume();
            Files.deleteIfExists(faultOfDisk(node.place));
            disk(node).free();
            setClock(node, Duration.ZERO);
        }
        for (RigNode node : usual()) {
            start(node);
        }
    }

    /** Has the usual nodes in the configuration, all of them serving, and no others. */
    void makeWhole() throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + WHOLE_LIMIT.toNanos();
        heal();
        Optional<String> left = bringIn(usual(), WHOLE_LIMIT);
        if (left.isPresent()) {
            throw new IllegalStateException("the rig is not whole: " + left.get());
        }
        for (RigNode spare : nodes.subList(NODES, PLACES)) {
            kill(spare);
            spare.wipe();
        }
        while (!isServing()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IllegalStateException("the rig does not serve");
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private boolean isServing() throws InterruptedException {
        for (RigNode node : usual()) {
            try {
                if (node.api().get("/q/health/ready").status() != 200) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void end() {
        ended = true;
        supervisor.interrupt();
        nodes.forEach(RigNode::kill);
    }

    @Override
    public String lastWords() {
        return IntStream.rangeClosed(1, nodes.size())
                .mapToObj(place -> node(place).lastWords())
                .collect(Collectors.joining("\n"));
    }
}
