package io.groupmembership.cli.local;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.show.DurationText;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A cluster in the foreground: starts the nodes, tells as each becomes ready, keeps them running, and stops them when
 * this process is asked to end (Ctrl-C, SIGTERM).
 */
final class ForegroundUp implements NodeSupervisor.Listener {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration CHANGES_POLL = Duration.ofMillis(250);
    private static final Duration POLL = Duration.ofMillis(50);

    private final LocalCluster cluster;
    private final PrintStream out;
    private final boolean detached;
    private final NodeSupervisor supervisor;
    private final Instant began;
    private final Set<String> down = new LinkedHashSet<>();
    private boolean ready;
    private boolean stopped;

    ForegroundUp(LocalCluster cluster, PrintStream out, boolean detached) {
        this.cluster = cluster;
        this.out = out;
        this.detached = detached;
        this.supervisor = new NodeSupervisor(cluster, this);
        this.began = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }

    /** Returns when no node runs any more: they were asked to end, or each is down for good. */
    int run(Duration readyLimit) throws IOException, InterruptedException {
        Thread stop = new Thread(this::stopAndEndProcess, "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        List<String> nodeIds = cluster.nodeIds();
        out.println("starting " + (nodeIds.size() == 1 ? "1 node" : nodeIds.size() + " nodes") + " in "
                + cluster.directory().path());
        supervisor.start();
        Thread changes = Thread.ofVirtual().name("changes").start(this::followChanges);
        int readyNodes = awaitReady(readyLimit);
        if (readyNodes < nodeIds.size()) {
            out.println("not all nodes are ready; their logs are in "
                    + cluster.directory().path().resolve("logs"));
        }
        if (readyNodes > nodeIds.size() / 2) {
            out.println("ready in " + DurationText.seconds(sinceBegin()));
            hints();
            synchronized (this) {
                ready = true;
            }
            writeUpFile();
        }
        supervisor.awaitAllDown();
        changes.interrupt();
        if (supervisor.isStopping()) {
            return ExitCode.OK;
        }
        out.println("no node is left: stopping");
        stop();
        return ExitCode.ERROR;
    }

    /** What {@code gm nodes} writes down is carried out here, as this process is the parent of the nodes. */
    private void followChanges() {
        try {
            while (!supervisor.isStopping()) {
                TimeUnit.NANOSECONDS.sleep(CHANGES_POLL.toNanos());
                try {
                    LocalNodes wanted = cluster.directory().nodes(cluster.file());
                    if (wanted.revision() != cluster.nodes().revision()) {
                        supervisor.follow(wanted);
                    }
                } catch (IOException | CliFailure e) {
                    out.println("  which nodes are to run can't be read: " + e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many nodes became ready; a node that stays down is not waited for. */
    private int awaitReady(Duration limit) throws InterruptedException {
        Set<String> waiting = new LinkedHashSet<>(cluster.nodeIds());
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        int readyNodes = 0;
        while (!waiting.isEmpty() && System.nanoTime() - deadlineNanos < 0) {
            for (String nodeId : List.copyOf(waiting)) {
                if (isDown(nodeId) || !cluster.nodeIds().contains(nodeId)) {
                    waiting.remove(nodeId);
                } else if (cluster.isReady(nodeId)) {
                    waiting.remove(nodeId);
                    readyNodes++;
                    out.println("  " + nodeId + " ready after " + DurationText.seconds(sinceBegin()) + "   "
                            + cluster.url(nodeId));
                }
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
        return readyNodes;
    }

    private void hints() {
        String urls =
                String.join(", ", cluster.urls().stream().map(URI::toString).toList());
        out.println();
        out.println("API at " + urls + ", described at " + cluster.urls().getFirst() + "/q/openapi");
        secureHints();
        out.println("Try, in another terminal:");
        out.println("  ./gm join --group demo --id a        a member that lives as long as this runs");
        out.println("  ./gm members demo                    the same view from every node");
        out.println("  ./gm watch demo                      changes as they happen");
        out.println("  ./gm kv put greeting hello           a small store beside it");
        if (!detached) {
            out.println("Ctrl-C stops it; the state stays for the next ./gm up.");
        }
        out.flush();
    }

    /** The commands of gm find the administrator's certificate by themselves; agents and others must be told. */
    private void secureHints() {
        cluster.directory().tls().administrator().ifPresent(files -> {
            out.println("Calls are over TLS; gm finds what it needs by itself. For gm join and other programs:");
            out.println("  export GM_SERVER="
                    + String.join(
                            ",", cluster.urls().stream().map(URI::toString).toList()));
            out.println("  export GM_CA=" + files.ca());
            if (Files.exists(cluster.directory().policyFile())) {
                files.certificate().ifPresent(file -> out.println("  export GM_CERTIFICATE=" + file));
                files.key().ifPresent(file -> out.println("  export GM_KEY=" + file));
                out.println("Who may do what is in " + cluster.directory().policyFile() + ".");
            }
        });
    }

    @Override
    public void started(String nodeId) {
        writeUpFile();
    }

    @Override
    public void restarting(String nodeId, int exitStatus, Duration pause) {
        out.println("  " + nodeId + " ended with status " + exitStatus + ": starting it again in "
                + DurationText.seconds(pause));
    }

    @Override
    public void changed(String what) {
        if (!what.isEmpty()) {
            out.println("  " + what);
        }
        writeUpFile();
    }

    @Override
    public void gaveUp(String nodeId, String lastWord) {
        synchronized (this) {
            down.add(nodeId);
        }
        out.println("  " + nodeId + " stays down: " + lastWord);
    }

    private synchronized boolean isDown(String nodeId) {
        return down.contains(nodeId);
    }

    private synchronized void writeUpFile() {
        if (stopped) {
            return;
        }
        try {
            UpFile.of(cluster, ready).write(cluster.directory().upFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The way out for signals: the status is 0, because stopping is what was asked for. */
    private void stopAndEndProcess() {
        synchronized (this) {
            if (stopped) {
                return;
            }
        }
        out.println();
        out.println("stopping");
        int killed = stop();
        out.println(
                killed == 0
                        ? "stopped; the state is kept in " + cluster.directory().path()
                        : "stopped, " + killed + " of the nodes by force; the state is kept in "
                                + cluster.directory().path());
        out.flush();
        Runtime.getRuntime().halt(ExitCode.OK);
    }

    private int stop() {
        int killed = supervisor.stop(STOP_LIMIT);
        synchronized (this) {
            stopped = true;
            try {
                Files.deleteIfExists(cluster.directory().upFile());
            } catch (IOException e) {
                out.println("could not remove " + cluster.directory().upFile() + ": " + e.getMessage());
            }
        }
        return killed;
    }

    private Duration sinceBegin() {
        return Duration.between(began, Instant.now());
    }
}
