package io.groupmembership.cli.local;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Keeps the nodes of a {@link LocalCluster} running by {@link RestartRule}, with one virtual thread a node. */
final class NodeSupervisor {
    /** Hears what happens, from the supervisor's threads. */
    interface Listener {
        void started(String nodeId);

        void restarting(String nodeId, int exitStatus, Duration pause);

        /** The nodes are others now: those that were to end have ended. */
        void changed(String what);

        /** The node stays down; lastWord is what it said. */
        void gaveUp(String nodeId, String lastWord);
    }

    private static final Duration ONE_STOP_LIMIT = Duration.ofSeconds(10);

    private final LocalCluster cluster;
    private final Listener listener;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Object starts = new Object();
    private final List<Thread> keepers = new CopyOnWriteArrayList<>();

    /** Which life of each node is kept running; guarded by {@link #starts}. */
    private final Map<String, Keeping> kept = new HashMap<>();

    /** One run of a node, from when it is to run until it is not, through all its processes. */
    private static final class Keeping {
        private final LocalNode node;

        private Keeping(LocalNode node) {
            this.node = node;
        }

        private String nodeId() {
            return node.nodeId();
        }
    }

    NodeSupervisor(LocalCluster cluster, Listener listener) {
        this.cluster = cluster;
        this.listener = listener;
    }

    /** Starts all nodes, and from then on those that end. */
    void start() throws IOException {
        List<LocalNode> nodes = cluster.nodes().running();
        for (LocalNode node : nodes) {
            begin(node);
        }
    }

    private void begin(LocalNode node) throws IOException {
        Keeping keeping = new Keeping(node);
        synchronized (starts) {
            if (isStopping()) {
                return;
            }
            kept.put(node.nodeId(), keeping);
            cluster.start(node.nodeId());
        }
        listener.started(node.nodeId());
        keepers.removeIf(keeper -> !keeper.isAlive());
        keepers.add(Thread.ofVirtual().name("keeper-" + node.nodeId()).start(() -> keep(keeping)));
    }

    /**
     * Makes these the nodes: ends those that are not to run or are to begin anew, then starts those that are to run.
     * Called from one thread.
     */
    void follow(LocalNodes nodes) {
        List<LocalNode> ended = new ArrayList<>();
        List<LocalNode> added = new ArrayList<>();
        synchronized (starts) {
            for (LocalNode before :
                    kept.values().stream().map(keeping -> keeping.node).toList()) {
                boolean stays = nodes.node(before.nodeId())
                        .filter(node -> node.runs() && node.isSameProcess(before))
                        .isPresent();
                if (!stays) {
                    kept.remove(before.nodeId());
                    ended.add(before);
                }
            }
            nodes.running().stream()
                    .filter(node -> !kept.containsKey(node.nodeId()))
                    .forEach(added::add);
        }
        for (LocalNode node : ended) {
            cluster.stop(node.nodeId(), ONE_STOP_LIMIT);
        }
        cluster.follow(nodes);
        for (LocalNode node : added) {
            try {
                begin(node);
            } catch (IOException e) {
                listener.gaveUp(node.nodeId(), "it can't be started: " + e.getMessage());
            }
        }
        listener.changed(words(ended, added));
    }

    private static String words(List<LocalNode> ended, List<LocalNode> added) {
        List<String> words = new ArrayList<>();
        ended.forEach(node -> words.add(node.nodeId() + " ended"));
        added.forEach(node -> words.add(node.nodeId() + " started at " + node.http()));
        return String.join(", ", words);
    }

    /** Returns when every node is down for good. */
    void awaitAllDown() throws InterruptedException {
        while (keepers.stream().anyMatch(Thread::isAlive)) {
            TimeUnit.MILLISECONDS.sleep(100);
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

    private boolean isKept(Keeping node) {
        synchronized (starts) {
            return !isStopping() && kept.get(node.nodeId()) == node;
        }
    }

    private void keep(Keeping node) {
        String nodeId = node.nodeId();
        Duration pause = Duration.ZERO;
        try {
            while (true) {
                long sinceNanos = System.nanoTime();
                int exitStatus = cluster.exit(nodeId).get();
                if (!isKept(node)) {
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
                if (!isKept(node)) {
                    return;
                }
                listener.restarting(nodeId, exitStatus, pause);
                if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS) || !startAgain(node)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | IOException e) {
            listener.gaveUp(nodeId, "it can't be started: " + e.getMessage());
        }
    }

    private boolean startAgain(Keeping node) throws IOException {
        synchronized (starts) {
            if (!isKept(node)) {
                return false;
            }
            cluster.start(node.nodeId());
        }
        listener.started(node.nodeId());
        return true;
    }
}
