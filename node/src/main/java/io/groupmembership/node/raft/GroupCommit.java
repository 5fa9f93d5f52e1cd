package io.groupmembership.node.raft;

import io.groupmembership.membership.Batch;
import io.groupmembership.membership.EntryCodec;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.ResultCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the requests of many clients into one log entry, with a result for each; the same entry is the barrier of
 * every read that waits when it is sent (Ongaro's dissertation, sections 6.4 and 10.2.2).
 *
 * <p>An idle node sends a request at once. While a batch is on its way the next one fills, so batches grow with the
 * load: a log entry costs each node dozens of thread switches, however much it carries. Bounded: {@code queueCapacity}
 * requests and as many waiting reads, and one batch on its way of at most {@value #MAX_REQUESTS} requests or
 * {@value #MAX_BYTES} bytes; one request more is refused at once. Every caller is answered within the request timeout:
 * what was still in the queue then is never sent.
 *
 * <p>Longer than most classes here: the queue, the readers and the batch on its way change together, under one lock.
 */
final class GroupCommit implements AutoCloseable {
    static final int MAX_REQUESTS = 1024;
    static final int MAX_BYTES = 1024 * 1024;

    private static final String NO_MAJORITY = "no majority of the nodes answered in time";
    private static final long SWEEP_NANOS = 100_000_000;

    private final long origin;
    private final int queueCapacity;
    private final long timeoutNanos;
    private final Sender sender;
    private final Function<Long, CompletableFuture<Void>> whenApplied;
    private final Thread thread = Thread.ofPlatform().name("group-commit").unstarted(this::run);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private final ArrayDeque<Reader> readers = new ArrayDeque<>();
    private @Nullable UnderWay underWay;
    private long lastSequence;
    private long lastSweepNanos = System.nanoTime();
    private long batches;
    private long requests;
    private boolean closed;

    /** Where batches go. */
    interface Sender {
        CompletableFuture<BatchSender.Reply> send(ByteString batch, BooleanSupplier wanted);
    }

    private record Waiting(Request request, CompletableFuture<Result> result, long deadlineNanos, int bytes) {}

    private record Reader(CompletableFuture<Void> done, long deadlineNanos) {}

    private record UnderWay(List<Waiting> requests, List<Reader> readers, long deadlineNanos) {}

    /**
     * @param origin a random number, new at each start
     * @param whenApplied completes when this node has applied the entry with an index
     */
    GroupCommit(
            long origin,
            int queueCapacity,
            long timeoutNanos,
            Sender sender,
            Function<Long, CompletableFuture<Void>> whenApplied) {
        this.origin = origin;
        this.queueCapacity = queueCapacity;
        this.timeoutNanos = timeoutNanos;
        this.sender = sender;
        this.whenApplied = whenApplied;
    }

    void start() {
        thread.start();
    }

    CompletableFuture<Result> submit(Request request) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        Waiting waiting =
                new Waiting(request, result, System.nanoTime() + timeoutNanos, CommandSize.estimate(request.command()));
        lock.lock();
        try {
            RuntimeException refusal = refusal(queue.size(), "requests");
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            queue.add(waiting);
            wakeWhenIdle();
        } finally {
            lock.unlock();
        }
        return result;
    }

    CompletableFuture<Void> barrier() {
        Reader reader = new Reader(new CompletableFuture<>(), System.nanoTime() + timeoutNanos);
        lock.lock();
        try {
            RuntimeException refusal = refusal(readers.size(), "reads");
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            readers.add(reader);
            wakeWhenIdle();
        } finally {
            lock.unlock();
        }
        return reader.done;
    }

    /** While a batch is on its way its answer wakes the thread. */
    private void wakeWhenIdle() {
        if (underWay == null) {
            changed.signal();
        }
    }

    private @Nullable RuntimeException refusal(int waiting, String what) {
        if (closed) {
            return shuttingDown();
        }
        return waiting < queueCapacity
                ? null
                : new OverloadedException(queueCapacity + " " + what + " wait already; try again later");
    }

    RaftNode.CommitFigures figures() {
        lock.lock();
        try {
            return new RaftNode.CommitFigures(batches, requests, queue.size(), underWay == null ? 0 : 1);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            List<Runnable> expired = new ArrayList<>();
            UnderWay next = null;
            lock.lock();
            try {
                sweepWhenDue(expired);
                while (!closed && !hasWork() && expired.isEmpty()) {
                    var _ = changed.awaitNanos(SWEEP_NANOS);
                    sweepWhenDue(expired);
                }
                if (closed) {
                    return;
                }
                if (hasWork()) {
                    next = take();
                    underWay = next;
                    batches++;
                    requests += next.requests.size();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                lock.unlock();
                expired.forEach(Runnable::run);
            }
            if (next != null) {
                send(next);
            }
        }
    }

    private boolean hasWork() {
        return underWay == null && !(queue.isEmpty() && readers.isEmpty());
    }

    private UnderWay take() {
        List<Waiting> taken = new ArrayList<>(Math.min(queue.size(), MAX_REQUESTS));
        int bytes = 0;
        long deadline = Long.MIN_VALUE;
        for (Waiting next = queue.peek();
                next != null && taken.size() < MAX_REQUESTS && (taken.isEmpty() || bytes + next.bytes <= MAX_BYTES);
                next = queue.peek()) {
            taken.add(queue.remove());
            bytes += next.bytes;
            deadline = next.deadlineNanos;
        }
        List<Reader> waitingReaders = List.copyOf(readers);
        readers.clear();
        if (!waitingReaders.isEmpty()) {
            long last = waitingReaders.getLast().deadlineNanos;
            deadline = taken.isEmpty() || last - deadline > 0 ? last : deadline;
        }
        return new UnderWay(taken, waitingReaders, deadline);
    }

    private void send(UnderWay content) {
        long sequence = ++lastSequence;
        Batch batch = new Batch(
                origin,
                sequence,
                sequence,
                content.requests.stream().map(Waiting::request).toList());
        var _ = encoded(batch)
                .thenCompose(bytes ->
                        sender.send(bytes, () -> System.nanoTime() - content.deadlineNanos < 0 && !closed))
                .whenComplete((reply, failure) -> {
                    lock.lock();
                    try {
                        underWay = null;
                        changed.signal();
                    } finally {
                        lock.unlock();
                    }
                    if (failure == null) {
                        complete(content, reply);
                    } else if (BatchSender.causeOf(failure) instanceof IllegalArgumentException refused) {
                        content.requests.forEach(waiting -> waiting.result.completeExceptionally(refused));
                        content.readers.forEach(reader -> reader.done.completeExceptionally(refused));
                    } else {
                        content.requests.forEach(GroupCommit::fail);
                        content.readers.forEach(GroupCommit::fail);
                    }
                });
    }

    /** Fails with an IllegalArgumentException where some node could not read it; the limits of the API keep that away. */
    private static CompletableFuture<ByteString> encoded(Batch batch) {
        try {
            return CompletableFuture.completedFuture(UnsafeByteOperations.unsafeWrap(EntryCodec.encode(batch)));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void complete(UnderWay content, BatchSender.Reply reply) {
        if (!content.requests.isEmpty()) {
            List<Result> results = ResultCodec.decode(reply.results().toByteArray());
            for (int i = 0; i < content.requests.size(); i++) {
                content.requests.get(i).result.complete(results.get(i));
            }
        }
        if (!content.readers.isEmpty()) {
            long left = content.deadlineNanos - System.nanoTime();
            var _ = whenApplied
                    .apply(reply.logIndex())
                    .orTimeout(Math.max(1, left), TimeUnit.NANOSECONDS)
                    .whenComplete((applied, late) -> content.readers.forEach(reader -> {
                        if (late == null) {
                            reader.done.complete(null);
                        } else {
                            reader.done.completeExceptionally(
                                    new UnavailableException("this node lags behind the others", false));
                        }
                    }));
        }
    }

    /** Finds the callers whose time is over; they are answered when the lock is free. */
    private void sweepWhenDue(List<Runnable> expired) {
        long now = System.nanoTime();
        if (now - lastSweepNanos < SWEEP_NANOS) {
            return;
        }
        lastSweepNanos = now;
        while (!queue.isEmpty() && now - queue.peek().deadlineNanos >= 0) {
            Waiting waiting = queue.remove();
            expired.add(() -> waiting.result.completeExceptionally(
                    new UnavailableException(NO_MAJORITY + "; nothing was done", false)));
        }
        while (!readers.isEmpty() && now - readers.peek().deadlineNanos >= 0) {
            Reader reader = readers.remove();
            expired.add(() -> fail(reader));
        }
        if (underWay != null) {
            underWay.requests.stream()
                    .filter(waiting -> now - waiting.deadlineNanos >= 0 && !waiting.result.isDone())
                    .forEach(waiting -> expired.add(() -> fail(waiting)));
            underWay.readers.stream()
                    .filter(reader -> now - reader.deadlineNanos >= 0 && !reader.done.isDone())
                    .forEach(reader -> expired.add(() -> fail(reader)));
        }
    }

    private static void fail(Waiting waiting) {
        waiting.result.completeExceptionally(new UnavailableException(NO_MAJORITY + "; the outcome is unknown", true));
    }

    private static void fail(Reader reader) {
        reader.done.completeExceptionally(new UnavailableException(NO_MAJORITY, false));
    }

    private static UnavailableException shuttingDown() {
        return new UnavailableException("this node is shutting down", false);
    }

    /** Refuses what waits, and what comes. */
    @Override
    public void close() {
        List<Waiting> refused;
        List<Reader> refusedReaders;
        lock.lock();
        try {
            closed = true;
            refused = List.copyOf(queue);
            queue.clear();
            refusedReaders = List.copyOf(readers);
            readers.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        refused.forEach(waiting -> waiting.result.completeExceptionally(
                new UnavailableException("this node is shutting down; nothing was done", false)));
        refusedReaders.forEach(reader -> reader.done.completeExceptionally(shuttingDown()));
    }
}
