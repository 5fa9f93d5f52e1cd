package io.groupmembership.node.liveness;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import io.groupmembership.node.raft.RaftNode;
import io.groupmembership.node.raft.RaftStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the node table true. Every node registers itself, and again whenever it finds that it was declared down: being
 * able to commit is the proof that it lives. The leader declares a node down that it has not heard of for the node
 * timeout; its members get other monitors, which begin with a fresh count.
 */
public final class NodeLiveness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLiveness.class);
    private static final long PERIOD_MILLIS = 250;

    private final RaftNode raft;
    private final Command.NodeUp self;
    private final Duration nodeTimeout;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("node-liveness").daemon().factory());
    private CompletableFuture<Result> proposed = CompletableFuture.completedFuture(new Result.Done());
    private long lastTickNanos = System.nanoTime();

    /** @param self what this node registers as */
    public NodeLiveness(RaftNode raft, Command.NodeUp self, Duration nodeTimeout) {
        this.raft = raft;
        this.self = self;
        this.nodeTimeout = nodeTimeout;
    }

    public void start() {
        var _ = executor.scheduleWithFixedDelay(this::tick, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            long now = System.nanoTime();
            boolean late = now - lastTickNanos > TimeUnit.MILLISECONDS.toNanos(4 * PERIOD_MILLIS);
            lastTickNanos = now;
            RaftStatus status = raft.status();
            if (!status.ready() || !proposed.isDone()) {
                return;
            }
            Optional<NodeRecord> known = raft.read(state -> state.node(self.nodeId()));
            if (known.isEmpty() || !known.get().live() || !isRegisteredAs(known.get(), self)) {
                propose(self);
            } else if (status.isLeader() && !late) {
                // a process that was paused knows nothing of the others until it has heard of them again
                silentNode(raft.read(state -> state.nodes()), raft.followerSilence())
                        .ifPresent(silent -> {
                            LOG.info("{} is declared down: not heard of for {}", silent.nodeId(), nodeTimeout);
                            propose(new Command.NodeDown(silent.nodeId(), silent.liveness()));
                        });
            }
        } catch (RuntimeException e) {
            LOG.warn("the node table was not looked after: {}", e.toString());
        }
    }

    private static boolean isRegisteredAs(NodeRecord record, Command.NodeUp wanted) {
        return record.address().equals(wanted.address())
                && record.udpAddress().equals(wanted.udpAddress())
                && record.hashKey().equals(wanted.hashKey());
    }

    /** A live node that is not in the configuration, or silent for the node timeout. */
    private Optional<NodeRecord> silentNode(List<NodeRecord> nodes, Map<String, Duration> followerSilence) {
        return nodes.stream()
                .filter(NodeRecord::live)
                .filter(node -> !node.nodeId().equals(self.nodeId()))
                .filter(node -> Optional.ofNullable(followerSilence.get(node.nodeId()))
                        .map(silence -> silence.compareTo(nodeTimeout) > 0)
                        .orElse(true))
                .findFirst();
    }

    private void propose(Command command) {
        proposed = raft.submit(new Request(Optional.empty(), command));
    }

    /** Says that this node goes, so that others take its members over at once; waits for the limit at most. */
    public void leave(Duration limit) {
        executor.shutdownNow();
        Optional<NodeRecord> known = raft.read(state -> state.node(self.nodeId()));
        if (known.isEmpty() || !known.get().live()) {
            return;
        }
        try {
            Command down = new Command.NodeDown(self.nodeId(), known.get().liveness());
            Result result =
                    raft.submit(new Request(Optional.empty(), down)).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("this node went: {}", result);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("the others were not told that this node goes: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
