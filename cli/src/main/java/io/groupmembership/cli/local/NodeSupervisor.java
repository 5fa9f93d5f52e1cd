package io.groupmembership.cli.local;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Keeps the nodes of a {@link LocalCluster} running by {@link RestartRule}, with one virtual thread a node. */
final class NodeSupervisor {
    /** Hears what happens, from the supervisor's threads. */
    interface Listener {
        void started(String nodeId);

        void restarting(String nodeId, int exitStatus, Duration pause);

        /** The node stays down; lastWord is what it said. */
        void gaveUp(String nodeId, String lastWord);
    }

    private final LocalCluster cluster;
    private final Listener listener;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Object starts = new Object();
    private final List<Thread> keepers = new ArrayList<>();

    NodeSupervisor(LocalCluster cluster, Listener listener) {
        this.cluster = cluster;
        this.listener = listener;
    }

    /** Starts all nodes, and from then on those that end. */
    void start() throws IOException {
        for (String nodeId : cluster.nodeIds()) {
            cluster.start(nodeId);
            listener.started(nodeId);
        }
        for (String nodeId : cluster.nodeIds()) {
            keepers.add(Thread.ofVirtual().name("keeper-" + nodeId).start(() -> keep(nodeId)));
        }
    }

    /** Returns when every node is down for good. */
    void awaitAllDown() throws InterruptedException {
        for (Thread keeper : keepers) {
            keeper.join();
        }
    }

    /** Whether {@link #stop} was called. */
    boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Starts nothing any more, asks the nodes to end, kills at the limit; returns how many it had to kill. */
    int stop(Duration limit) {
        synchronized (starts) {
            stopping.countDown();
        }
        return cluster.stopAll(limit);
    }

    private void keep(String nodeId) {
        Duration pause = Duration.ZERO;
        try {
            while (true) {
                long sinceNanos = System.nanoTime();
                int exitStatus = cluster.exit(nodeId).get();
                if (isStopping()) {
                    return;
                }
                Duration ranFor = Duration.ofNanos(System.nanoTime() - sinceNanos);
                switch (RestartRule.after(exitStatus, ranFor, pause)) {
                    case RestartRule.GiveUp() -> {
                        listener.gaveUp(nodeId, cluster.lastLogLine(nodeId));
                        return;
                    }
                    case RestartRule.Restart(Duration next) -> pause = next;
                }
                // a terminal's Ctrl-C reaches the nodes too: let the stop overtake the restart before saying so
                if (stopping.await(RestartRule.SHORTEST_PAUSE.toMillis() / 2, TimeUnit.MILLISECONDS)) {
                    return;
                }
                listener.restarting(nodeId, exitStatus, pause);
                if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS) || !startAgain(nodeId)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | IOException e) {
            listener.gaveUp(nodeId, "it can't be started: " + e.getMessage());
        }
    }

    private boolean startAgain(String nodeId) throws IOException {
        synchronized (starts) {
            if (isStopping()) {
                return false;
            }
            cluster.start(nodeId);
        }
        listener.started(nodeId);
        return true;
    }
}
