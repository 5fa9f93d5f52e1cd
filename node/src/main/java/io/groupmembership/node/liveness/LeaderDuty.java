package io.groupmembership.node.liveness;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.membership.detection.Cut;
import io.groupmembership.membership.detection.NodeRoll;
import io.groupmembership.node.raft.RaftNode;
import io.groupmembership.node.raft.RaftStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the node table true, and has removed who is gone. Every node registers itself. While this node leads it gathers
 * what the nodes say: beats go into ticks, a node without a beat is declared down ({@link NodeRoll}), and members that
 * are suspected together are removed together ({@link Cut}). All of it on one thread.
 */
public final class LeaderDuty implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderDuty.class);
    private static final long PERIOD_MILLIS = 50;
    private static final int MOST_WAITING = 4_096;

    /** So many with their evidence fit into one log entry. */
    private static final int TARGETS = 12_000;

    private static final CompletableFuture<Result> NOTHING = CompletableFuture.completedFuture(new Result.Done());

    /** What exists while this node leads. */
    private record Leading(long term, NodeRoll roll, Cut cut) {}

    private final RaftNode raft;
    private final Command.NodeUp self;
    private final ClusterTiming timing;
    private final LongSupplier clock;
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("leader-duty").daemon().factory());
    private final Map<String, CompletableFuture<Result>> downs = new HashMap<>();
    private @Nullable Leading leading;
    private CompletableFuture<Result> registering = NOTHING;

    /**
     * @param self what this node registers as
     * @param clock nanoseconds, which go on while the machine is suspended
     */
    public LeaderDuty(RaftNode raft, Command.NodeUp self, ClusterTiming timing, LongSupplier clock) {
        this.raft = raft;
        this.self = self;
        this.timing = timing;
        this.clock = clock;
    }

    public void start() {
        var _ = executor.scheduleWithFixedDelay(this::turn, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- what nodes say; dropped where too much waits

    public void heard(PeerMessage.Report report) {
        hear(now -> {
            now.roll().heard(report.beat(), raft.configuredNodes(), clock.getAsLong());
            now.cut().missing(report.beat().nodeId(), report.missing(), clock.getAsLong());
        });
    }

    public void suspected(List<Command.Target> targets) {
        hear(now -> targets.forEach(target -> now.cut().suspected(target, clock.getAsLong())));
    }

    private interface Hearing {
        void by(Leading leading);
    }

    private void hear(Hearing hearing) {
        if (executor.getQueue().size() > MOST_WAITING) {
            return;
        }
        try {
            executor.execute(() -> {
                Leading now = leading;
                if (now != null) {
                    hearing.by(now);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("this node stops", e);
        }
    }

    // ---- turns

    private void turn() {
        try {
            RaftStatus status = raft.status();
            lead(status);
            if (status.ready()) {
                register();
            }
            Leading now = leading;
            if (now != null) {
                now.roll()
                        .turn(raft.commitIndex(), raft.read(state -> state.nodes()), clock.getAsLong())
                        .forEach(this::propose);
                remove(raft.read(state -> now.cut().due(state, clock.getAsLong())));
            }
        } catch (RuntimeException e) {
            LOG.warn("the node table was not looked after: {}", e.toString());
        }
    }

    private void lead(RaftStatus status) {
        if (!status.isLeader()) {
            leading = null;
        } else if (leading == null || leading.term() != status.state().term()) {
            leading = new Leading(status.state().term(), new NodeRoll(timing, clock.getAsLong()), new Cut(timing));
        }
    }

    private void register() {
        if (!registering.isDone()) {
            return;
        }
        Optional<NodeRecord> known = raft.read(state -> state.node(self.nodeId()));
        if (known.isEmpty() || !isRegisteredAs(known.get(), self)) {
            registering = submit(self);
        }
    }

    private static boolean isRegisteredAs(NodeRecord record, Command.NodeUp wanted) {
        return record.address().equals(wanted.address())
                && record.udpAddress().equals(wanted.udpAddress())
                && record.hashKey().equals(wanted.hashKey());
    }

    private void propose(Command command) {
        if (command instanceof Command.NodeDown down) {
            if (!downs.getOrDefault(down.nodeId(), NOTHING).isDone()) {
                return;
            }
            LOG.info("{} is declared down: no beat of it counted for {} ms", down.nodeId(), timing.nodeTimeoutMillis());
            downs.put(down.nodeId(), submit(command));
        } else {
            var _ = submit(command);
        }
    }

    private void remove(List<Command.Target> targets) {
        for (int from = 0; from < targets.size(); from += TARGETS) {
            List<Command.Target> part = targets.subList(from, Math.min(targets.size(), from + TARGETS));
            LOG.info("{} members are removed", part.size());
            // what is lost is suspected again
            var _ = submit(new Command.Remove(List.copyOf(part))).whenComplete((result, failure) -> {
                if (failure != null) {
                    LOG.info("{} removals were not agreed on: {}", part.size(), failure.getMessage());
                }
            });
        }
    }

    private CompletableFuture<Result> submit(Command command) {
        return raft.submit(new Request(Optional.empty(), command));
    }

    // ---- the end

    /**
     * Says that this node goes, so that others take its members over at once; waits for the limit at most. Its beats
     * must have ended before.
     */
    public void leave(Duration limit) {
        executor.shutdownNow();
        Optional<NodeRecord> known = raft.read(state -> state.node(self.nodeId()));
        if (known.isEmpty() || !known.get().live()) {
            return;
        }
        try {
            Result result = submit(
                            new Command.NodeDown(self.nodeId(), known.get().liveness()))
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
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
