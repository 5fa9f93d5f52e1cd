package io.groupmembership.node.raft;

import io.groupmembership.membership.Batch;
import io.groupmembership.membership.Command;
import io.groupmembership.membership.EntryCodec;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.ResultCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * Gathers the requests of many clients into one log entry, with a result for each; the same entry is the barrier of
 * every read that waits when it is sent (Ongaro's dissertation, sections 6.4 and 10.2.2).
 *
 * <p>An idle node sends a request at once. While a batch is on its way the next one fills, for a millisecond or until
 * it has {@value #MAX_REQUESTS} requests or {@value #MAX_BYTES} bytes. Bounded: {@code queueCapacity} requests and as
 * many waiting reads, {@value #MAX_BATCHES} batches on their way; one request more is refused at once. Every caller is
 * answered within the request timeout: what was still in the queue then is never sent.
 */
final class GroupCommit implements AutoCloseable {
    static final int MAX_REQUESTS = 256;
    static final int MAX_BYTES = 1024 * 1024;
    /** Few, so that they are large: a log entry costs each node dozens of thread switches, however much it carries. */
    static final int MAX_BATCHES = 2;

    /** Empty batches on their way at once: reads that come meanwhile share the next. */
    private static final int MAX_EMPTY_BATCHES = 2;

    private static final long GATHER_NANOS = 1_000_000;
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
    private final TreeMap<Long, UnderWay> underWay = new TreeMap<>();
    private int emptyUnderWay;
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
        Waiting waiting = new Waiting(request, result, System.nanoTime() + timeoutNanos, estimate(request.command()));
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedFuture(new UnavailableException("this node is shutting down", false));
            }
            if (queue.size() >= queueCapacity) {
                return CompletableFuture.failedFuture(
                        new OverloadedException(queueCapacity + " requests wait already; try again later"));
            }
            queue.add(waiting);
            changed.signal();
        } finally {
            lock.unlock();
        }
        return result;
    }

    CompletableFuture<Void> barrier() {
        Reader reader = new Reader(new CompletableFuture<>(), System.nanoTime() + timeoutNanos);
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedFuture(new UnavailableException("this node is shutting down", false));
            }
            if (readers.size() >= queueCapacity) {
                return CompletableFuture.failedFuture(
                        new OverloadedException(queueCapacity + " reads wait already; try again later"));
            }
            readers.add(reader);
            changed.signal();
        } finally {
            lock.unlock();
        }
        return reader.done;
    }

    RaftNode.CommitFigures figures() {
        lock.lock();
        try {
            return new RaftNode.CommitFigures(batches, requests, queue.size(), underWay.size());
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            Batch batch;
            UnderWay content;
            List<Runnable> expired = new ArrayList<>();
            lock.lock();
            try {
                awaitWork(expired);
                if (closed) {
                    return;
                }
                if (!expired.isEmpty() && !hasWork()) {
                    batch = null;
                    content = null;
                } else {
                    content = take();
                    long sequence = ++lastSequence;
                    underWay.put(sequence, content);
                    emptyUnderWay += content.requests.isEmpty() ? 1 : 0;
                    batches++;
                    requests += content.requests.size();
                    batch = new Batch(
                            origin,
                            sequence,
                            underWay.firstKey(),
                            content.requests.stream().map(Waiting::request).toList());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                lock.unlock();
                expired.forEach(Runnable::run);
            }
            if (batch != null && content != null) {
                send(batch, content);
            }
        }
    }

    private boolean hasWork() {
        return underWay.size() < MAX_BATCHES
                && (!queue.isEmpty() || (!readers.isEmpty() && emptyUnderWay < MAX_EMPTY_BATCHES));
    }

    /** Returns with something to send, or with callers whose time is over. */
    private void awaitWork(List<Runnable> expired) throws InterruptedException {
        sweepWhenDue(expired);
        while (!closed && !hasWork() && expired.isEmpty()) {
            var _ = changed.awaitNanos(SWEEP_NANOS);
            sweepWhenDue(expired);
        }
        long gatherUntil = System.nanoTime() + GATHER_NANOS;
        while (!closed && hasWork() && !underWay.isEmpty() && queue.size() < MAX_REQUESTS) {
            long left = gatherUntil - System.nanoTime();
            if (left <= 0) {
                return;
            }
            var _ = changed.awaitNanos(left);
        }
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

    private void send(Batch batch, UnderWay content) {
        var _ = encoded(batch)
                .thenCompose(bytes ->
                        sender.send(bytes, () -> System.nanoTime() - content.deadlineNanos < 0 && !closed))
                .whenComplete((reply, failure) -> {
                    lock.lock();
                    try {
                        underWay.remove(batch.sequence());
                        emptyUnderWay -= content.requests.isEmpty() ? 1 : 0;
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
                        fail(content, "no majority of the nodes answered in time");
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
                    new UnavailableException("no majority of the nodes answered in time; nothing was done", false)));
        }
        while (!readers.isEmpty() && now - readers.peek().deadlineNanos >= 0) {
            Reader reader = readers.remove();
            expired.add(() -> reader.done.completeExceptionally(
                    new UnavailableException("no majority of the nodes answered in time", false)));
        }
        for (UnderWay late : underWay.values()) {
            for (Waiting waiting : late.requests) {
                if (now - waiting.deadlineNanos >= 0 && !waiting.result.isDone()) {
                    expired.add(() -> fail(waiting, "no majority of the nodes answered in time"));
                }
            }
            for (Reader reader : late.readers) {
                if (now - reader.deadlineNanos >= 0 && !reader.done.isDone()) {
                    expired.add(() -> fail(reader, "no majority of the nodes answered in time"));
                }
            }
        }
    }

    private static void fail(UnderWay content, String why) {
        content.requests.forEach(waiting -> fail(waiting, why));
        content.readers.forEach(reader -> fail(reader, why));
    }

    private static void fail(Waiting waiting, String why) {
        waiting.result.completeExceptionally(new UnavailableException(why + "; the outcome is unknown", true));
    }

    private static void fail(Reader reader, String why) {
        reader.done.completeExceptionally(new UnavailableException(why, false));
    }

    private static int estimate(Command command) {
        return switch (command) {
            case Command.Join join ->
                join.joiners().stream()
                        .mapToInt(j -> 16 + j.spec().packedBytes())
                        .sum();
            case Command.Remove remove -> 400 * remove.targets().size();
            case Command.KvPut put -> 64 + put.key().length() + put.value().length;
            case Command.KvDelete delete -> 64 + delete.key().length();
            case Command.Leave leave -> 64 + leave.memberId().length();
            case Command.PutPolicy put -> 128;
            case Command.NodeUp up -> 256;
            case Command.NodeDown down -> 64;
        };
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
        refusedReaders.forEach(reader -> fail(reader, "this node is shutting down"));
    }
}
