package io.groupmembership.operator.group.follow;

import io.groupmembership.protocol.Limits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows the groups of one cluster by the watch of one of its nodes, and of another one when that fails. What it knows
 * stays while no node serves. One virtual thread reads, one looks after the connection ({@link StreamHealth}).
 */
public final class ClusterFollower implements AutoCloseable {
    /** More than the nodes keep, as they may forget a group that is empty without a word. */
    private static final int MOST_GROUPS = 2 * Limits.GROUPS;

    private static final int MOST_MEMBERS = 2 * Limits.MAX_MEMBERS;
    /** A stream that ends sooner is no better than none. */
    private static final Duration SHORTEST_STREAM = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(ClusterFollower.class);

    /** Hears of changes on the follower's thread, and must not block it. */
    public interface Listener {
        /** Views of these groups may have changed. */
        void changed(Collection<GroupKey> groups);

        /** A view is there that these memberships are not in any more; what is missed is not told later. */
        void departed(GroupKey group, long view, List<Departure> departures);

        /** A stream is there, or is gone. */
        void connection(boolean connected);
    }

    private final String cluster;
    private final Supplier<List<URI>> nodes;
    private final HttpClient http;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final MirroredGroups groups = new MirroredGroups(MOST_GROUPS, MOST_MEMBERS);
    private final AtomicLong reconnects = new AtomicLong();
    private final Thread thread;
    private volatile @Nullable WatchStream stream;
    private volatile boolean connected;
    private volatile boolean closed;
    private int turn;
    private int failures;
    private int contradictions;

    /**
     * @param cluster its name, for logs
     * @param nodes base URLs of its nodes, asked before each connection
     */
    public ClusterFollower(String cluster, Supplier<List<URI>> nodes, HttpClient http, Listener listener) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.http = http;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("gm-follow-" + cluster).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Looks at the groups, between two events. */
    public <R> R read(Function<MirroredGroups, R> look) {
        lock.lock();
        try {
            return look.apply(groups);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a node serves the stream now. */
    public boolean isConnected() {
        return connected;
    }

    /** How many streams have ended and were asked for again. */
    public long reconnects() {
        return reconnects.get();
    }

    private void run() {
        while (!closed) {
            try {
                nextNode().ifPresentOrElse(this::follow, () -> failures++);
                TimeUnit.NANOSECONDS.sleep(ReconnectDelay.of(
                                failures,
                                contradictions,
                                ThreadLocalRandom.current().nextDouble())
                        .toNanos());
            } catch (InterruptedException e) {
                // closed, as the loop's condition tells
            } catch (RuntimeException e) {
                failures++;
                LOG.warnf(e, "the groups of %s can't be followed", cluster);
            }
        }
    }

    private Optional<URI> nextNode() {
        List<URI> known = nodes.get();
        return known.isEmpty() ? Optional.empty() : Optional.of(known.get(Math.floorMod(turn++, known.size())));
    }

    private void follow(URI node) {
        long begun = System.nanoTime();
        try (WatchStream opened = new WatchStream(http, node, MOST_MEMBERS)) {
            stream = opened;
            Thread guard = Thread.ofVirtual().name("gm-guard-" + cluster).start(() -> guard(opened, node));
            try {
                opened.open(read(MirroredGroups::position));
                readEvents(opened);
            } finally {
                guard.interrupt();
            }
        } catch (IOException e) {
            failures++;
            LOG.debugf("the watch of %s at %s ended: %s", cluster, node, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stream = null;
            read(model -> {
                model.disconnected();
                return true;
            });
            if (connected && System.nanoTime() - begun < SHORTEST_STREAM.toNanos()) {
                failures++;
            }
            if (connected) {
                LOG.infof("the stream of %s at %s ended", cluster, node);
                connected = false;
                reconnects.incrementAndGet();
                listener.connection(false);
            }
        }
    }

    private void readEvents(WatchStream opened) throws IOException {
        boolean resumed = read(model -> model.position().isPresent());
        if (resumed) {
            served();
        }
        for (Optional<WatchEvent> event = opened.next(); event.isPresent() && !closed; event = opened.next()) {
            WatchEvent next = event.get();
            switch (read(model -> model.apply(next))) {
                case MirroredGroups.Effect.Changed(Collection<GroupKey> changed) -> {
                    if (read(model -> model.position().isPresent())) {
                        served();
                    }
                    listener.changed(changed);
                    if (next instanceof WatchEvent.Change change
                            && !changed.isEmpty()
                            && !change.left().isEmpty()) {
                        listener.departed(change.group(), change.view(), change.left());
                    }
                }
                case MirroredGroups.Effect.Contradiction(String reason) -> {
                    contradictions++;
                    LOG.warnf("beginning anew with the groups of %s: %s", cluster, reason);
                    return;
                }
            }
        }
    }

    /** The stream is where changes come from: everything is known, and what comes next will be told. */
    private void served() {
        failures = 0;
        contradictions = 0;
        if (!connected) {
            connected = true;
            LOG.infof("following the groups of %s", cluster);
            listener.connection(true);
        }
    }

    private void guard(WatchStream opened, URI node) {
        int unanswered = 0;
        try {
            while (!closed) {
                TimeUnit.NANOSECONDS.sleep(StreamHealth.ASK_EVERY.toNanos());
                unanswered = NodeQuestion.isAnswered(http, node) ? 0 : unanswered + 1;
                StreamHealth.Verdict verdict = StreamHealth.of(opened.silentFor(), unanswered);
                if (verdict != StreamHealth.Verdict.GOOD) {
                    LOG.logf(
                            connected ? Logger.Level.INFO : Logger.Level.DEBUG,
                            "leaving %s of %s: %s",
                            node,
                            cluster,
                            verdict);
                    opened.close();
                    return;
                }
            }
        } catch (InterruptedException e) {
            // the stream has ended
        }
    }

    /** The last id of the stream, for logs and tests. */
    OptionalLong position() {
        return read(MirroredGroups::position);
    }

    @Override
    public void close() {
        closed = true;
        WatchStream open = stream;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
    }
}
