package io.groupmembership.node.api;

import io.groupmembership.membership.Batch;
import io.groupmembership.membership.Command;
import io.groupmembership.membership.Entry;
import io.groupmembership.membership.EventSink;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.ViewChange;
import io.groupmembership.node.raft.OverloadedException;
import io.groupmembership.node.raft.RaftAdministration;
import io.groupmembership.node.raft.RaftStatus;
import io.groupmembership.node.raft.RefusedException;
import io.groupmembership.node.raft.Replica;
import io.groupmembership.node.raft.StateListener;
import io.groupmembership.node.raft.UnavailableException;
import io.groupmembership.protocol.api.RaftState;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * A log of one node in memory: commands are applied to a real state, one after the other on one thread, and listeners
 * are called as a node calls them. It can be told to be without a majority, or overloaded.
 */
@Alternative
@ApplicationScoped
public class InMemoryReplica implements Replica, RaftAdministration {
    /** How the log answers. */
    public enum Mood {
        WORKING,
        NO_MAJORITY,
        OUTCOME_UNKNOWN,
        OVERLOADED,
        FAILING
    }

    private static final long ORIGIN = 7;

    private final ExecutorService log = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("test-log").factory());
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<StateListener> listeners = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<List<RaftState.Peer>> configurations = new CopyOnWriteArrayList<>();
    private MembershipState state = new MembershipState(UUID.randomUUID());
    private long index;
    private volatile Mood mood = Mood.WORKING;

    InMemoryReplica() {
        apply(List.of(new Request(
                Optional.empty(),
                new Command.NodeUp(
                        "node-1",
                        "http://127.0.0.1:7701",
                        "127.0.0.1:7731",
                        NodeRecord.hashKey("node-1", "http://127.0.0.1:7701", "test")))));
    }

    public void setMood(Mood mood) {
        this.mood = mood;
    }

    @Override
    public CompletableFuture<Result> submit(Request request) {
        return failure()
                .<CompletableFuture<Result>>map(CompletableFuture::failedFuture)
                .orElseGet(() -> CompletableFuture.supplyAsync(
                        () -> apply(List.of(request)).getFirst(), log));
    }

    /** Applies commands as one entry, as group commit does. */
    public void submitTogether(List<Command> commands) {
        List<Request> requests = commands.stream()
                .map(command -> new Request(Optional.empty(), command))
                .toList();
        CompletableFuture.runAsync(() -> apply(requests), log).join();
    }

    @Override
    public CompletableFuture<Void> barrier() {
        return failure()
                .<CompletableFuture<Void>>map(CompletableFuture::failedFuture)
                .orElseGet(() -> CompletableFuture.runAsync(() -> {}, log));
    }

    private Optional<RuntimeException> failure() {
        return switch (mood) {
            case WORKING -> Optional.empty();
            case NO_MAJORITY -> Optional.of(new UnavailableException("no majority of the nodes answered", false));
            case OUTCOME_UNKNOWN -> Optional.of(new UnavailableException("no majority of the nodes answered", true));
            case OVERLOADED -> Optional.of(new OverloadedException("16384 requests wait already"));
            case FAILING -> Optional.of(new IllegalStateException("secret of the inside"));
        };
    }

    /** Applies requests as the next entry. */
    private List<Result> apply(List<Request> requests) {
        List<Result> results;
        Deferred events = new Deferred();
        long applied;
        lock.writeLock().lock();
        try {
            applied = index++;
            Batch batch = new Batch(ORIGIN, applied, applied, requests);
            results = state.apply(new Entry("node-1", System.currentTimeMillis(), batch), applied, events);
        } finally {
            lock.writeLock().unlock();
        }
        listeners.forEach(listener -> {
            events.calls.forEach(call -> call.accept(listener));
            listener.applied(applied);
        });
        return results;
    }

    /** Keeps what happened while an entry was applied, for the listeners. */
    private static final class Deferred implements EventSink {
        private final List<java.util.function.Consumer<EventSink>> calls = new java.util.ArrayList<>();

        @Override
        public void viewChanged(ViewChange change) {
            calls.add(sink -> sink.viewChanged(change));
        }

        @Override
        public void assigned(GroupKey group, Member member) {
            calls.add(sink -> sink.assigned(group, member));
        }

        @Override
        public void revoked(GroupKey group, Member member) {
            calls.add(sink -> sink.revoked(group, member));
        }

        @Override
        public void ticked(String nodeId, long nonce) {
            calls.add(sink -> sink.ticked(nodeId, nonce));
        }

        @Override
        public void gone(GroupKey group, Member member) {
            calls.add(sink -> sink.gone(group, member));
        }

        @Override
        public void policyChanged(GroupKey group, GroupPolicy policy) {
            calls.add(sink -> sink.policyChanged(group, policy));
        }

        @Override
        public void groupForgotten(GroupKey group) {
            calls.add(sink -> sink.groupForgotten(group));
        }

        @Override
        public void nodeChanged(NodeRecord node) {
            calls.add(sink -> sink.nodeChanged(node));
        }
    }

    /** Applies commands without telling the listeners, then says that the state was replaced: a snapshot came. */
    public void installSnapshotWith(List<Command> commands) {
        CompletableFuture.runAsync(
                        () -> {
                            lock.writeLock().lock();
                            try {
                                commands.forEach(command -> {
                                    Request request = new Request(Optional.empty(), command);
                                    state.apply(
                                            new Entry("node-1", 0, new Batch(ORIGIN, index, index, List.of(request))),
                                            index,
                                            EventSink.NONE);
                                    index++;
                                });
                            } finally {
                                lock.writeLock().unlock();
                            }
                            listeners.forEach(listener -> listener.replaced(state));
                        },
                        log)
                .join();
    }

    @Override
    public <T> T read(Function<MembershipState, T> reader) {
        lock.readLock().lock();
        try {
            return reader.apply(state);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void addListener(StateListener listener) {
        listeners.add(listener);
    }

    @Override
    public boolean servesClients() {
        return true;
    }

    @Override
    public RaftStatus status() {
        long applied = read(MembershipState::appliedIndex);
        boolean majority = mood != Mood.NO_MAJORITY;
        return new RaftStatus(
                new RaftState(
                        "c0ffee00-0000-4000-8000-000000000000",
                        0,
                        "node-1",
                        "node-1.0",
                        majority ? "leader" : "candidate",
                        4,
                        majority ? "node-1" : null,
                        applied,
                        applied,
                        -1,
                        4,
                        applied,
                        List.of(new RaftState.Peer("node-1.0", "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3")),
                        List.of(),
                        List.of(),
                        "made-up",
                        new RaftState.Peer("node-1.0", "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3")),
                majority ? Optional.of("node-1") : Optional.empty(),
                majority);
    }

    @Override
    public CompletableFuture<RaftState> changeConfiguration(
            Optional<List<String>> expectedPeerIds, List<RaftState.Peer> peers) {
        if (expectedPeerIds.isPresent() && !expectedPeerIds.get().equals(List.of("node-1.0"))) {
            return CompletableFuture.failedFuture(new RefusedException("the configuration is another one"));
        }
        configurations.add(peers);
        return CompletableFuture.completedFuture(status().state());
    }

    public List<List<RaftState.Peer>> configurations() {
        return configurations;
    }

    @Override
    public CompletableFuture<Void> transferLeadership(String nodeId) {
        return nodeId.equals("node-1")
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(new RefusedException(nodeId + " is not in the configuration"));
    }

    @Override
    public CompletableFuture<RaftState> recover(long recoveryEpoch) {
        return CompletableFuture.failedFuture(new RefusedException("this node has no volume"));
    }

    @PreDestroy
    void stop() {
        log.shutdownNow();
    }
}
