package io.groupmembership.node.raft;

import io.groupmembership.membership.Entry;
import io.groupmembership.membership.EventSink;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.ViewChange;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The state of this node, with one writer and many readers.
 *
 * <p>Readers see the state in between two entries. Listeners hear of an entry's events after readers can see them, in
 * log order, on the writer's thread.
 */
final class StateHolder {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<StateListener> listeners = new CopyOnWriteArrayList<>();
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    private MembershipState state;
    private long appliedIndex = -1;

    StateHolder(MembershipState initial) {
        this.state = initial;
    }

    private record Waiter(long index, CompletableFuture<Void> done) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            return Long.compare(index, other.index);
        }
    }

    void addListener(StateListener listener) {
        listeners.add(listener);
    }

    <T> T read(Function<MembershipState, T> reader) {
        lock.readLock().lock();
        try {
            return reader.apply(state);
        } finally {
            lock.readLock().unlock();
        }
    }

    List<Result> apply(Entry entry, long logIndex) {
        Recorder events = new Recorder();
        List<Result> results;
        lock.writeLock().lock();
        try {
            results = state.apply(entry, logIndex, events);
        } finally {
            lock.writeLock().unlock();
        }
        events.replayTo(listeners);
        for (StateListener listener : listeners) {
            listener.applied(logIndex);
        }
        appliedUpTo(logIndex);
        return results;
    }

    /** Takes a state that came from a snapshot. */
    void replace(MembershipState loaded, long logIndex) {
        lock.writeLock().lock();
        try {
            state = loaded;
        } finally {
            lock.writeLock().unlock();
        }
        for (StateListener listener : listeners) {
            listener.replaced(loaded);
        }
        appliedUpTo(logIndex);
    }

    /** Notes that everything up to an index has been applied, entries of Ratis's own among it. */
    void appliedUpTo(long logIndex) {
        List<Waiter> done = new ArrayList<>();
        synchronized (waiters) {
            appliedIndex = Math.max(appliedIndex, logIndex);
            for (Waiter next = waiters.peek(); next != null && next.index <= appliedIndex; next = waiters.peek()) {
                done.add(waiters.remove());
            }
        }
        done.forEach(waiter -> waiter.done.complete(null));
    }

    /** Completes once the entry with this index is applied. The caller limits the wait. */
    CompletableFuture<Void> whenApplied(long logIndex) {
        Waiter waiter = new Waiter(logIndex, new CompletableFuture<>());
        synchronized (waiters) {
            if (logIndex <= appliedIndex) {
                waiter.done.complete(null);
            } else {
                waiters.add(waiter);
            }
        }
        return waiter.done;
    }

    /** Keeps an entry's events until readers can see what they tell of. */
    private static final class Recorder implements EventSink {
        private final List<Consumer<StateListener>> events = new ArrayList<>();

        void replayTo(List<StateListener> listeners) {
            for (StateListener listener : listeners) {
                events.forEach(event -> event.accept(listener));
            }
        }

        @Override
        public void viewChanged(ViewChange change) {
            events.add(listener -> listener.viewChanged(change));
        }

        @Override
        public void assigned(GroupKey group, Member member) {
            events.add(listener -> listener.assigned(group, member));
        }

        @Override
        public void revoked(GroupKey group, Member member) {
            events.add(listener -> listener.revoked(group, member));
        }

        @Override
        public void ticked(String nodeId, long nonce) {
            events.add(listener -> listener.ticked(nodeId, nonce));
        }

        @Override
        public void gone(GroupKey group, Member member) {
            events.add(listener -> listener.gone(group, member));
        }

        @Override
        public void groupForgotten(GroupKey group) {
            events.add(listener -> listener.groupForgotten(group));
        }

        @Override
        public void policyChanged(GroupKey group, GroupPolicy policy) {
            events.add(listener -> listener.policyChanged(group, policy));
        }

        @Override
        public void nodeChanged(NodeRecord node) {
            events.add(listener -> listener.nodeChanged(node));
        }

        @Override
        public void recovered() {
            events.add(StateListener::recovered);
        }
    }
}
