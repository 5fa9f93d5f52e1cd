package io.groupmembership.operator.group;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Gives turns to what waits in several {@link WriteLane}s: to the first lane that has somebody whose turn it is, in the
 * order in which lanes were added. One thread decides, and each write has a virtual thread of its own; lanes bound how
 * many there are.
 */
final class WriteScheduler implements AutoCloseable {
    /** How a write went. */
    enum Outcome {
        DONE,
        /** Done; another one is due at once. */
        DUE,
        /** Done in part; the rest when the gap is over. */
        AGAIN,
        FAILED
    }

    /** What is to be done when a key's turn has come. */
    sealed interface Turn {
        record Write(Callable<Outcome> write) implements Turn {}

        /** @param lookAgainIn when to ask again, though nothing changes */
        record Nothing(Optional<Duration> lookAgainIn) implements Turn {
            static final Nothing AT_ALL = new Nothing(Optional.empty());
        }
    }

    /** Decides for one key; must be quick, and wait for nothing. */
    @FunctionalInterface
    interface Work<K> {
        Turn decide(K key);
    }

    private static final Logger LOG = Logger.getLogger(WriteScheduler.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);
    private static final Duration WAIT_TO_OPEN = Duration.ofMillis(50);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<Queue<?>> queues = new ArrayList<>();
    private final BooleanSupplier beforeEachLook;
    private final Thread thread;
    private int underWay;
    private boolean woken;
    private boolean closed;

    /**
     * @param name of the thread
     * @param beforeEachLook is called at least once a second, without the lock; says whether turns may be given
     */
    WriteScheduler(String name, BooleanSupplier beforeEachLook) {
        this.beforeEachLook = beforeEachLook;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /** Those of one kind that wait. */
    final class Queue<K> {
        private final String name;
        private final WriteLane<K> lane;
        private final Work<K> work;

        private Queue(String name, WriteLane<K> lane, Work<K> work) {
            this.name = name;
            this.lane = lane;
            this.work = work;
        }

        void changed(K key) {
            withLock(() -> lane.changed(key, System.nanoTime()));
        }

        void refresh(K key) {
            withLock(() -> lane.refresh(key, System.nanoTime()));
        }

        /** What failed may be tried again now. */
        void retryAll() {
            withLock(() -> lane.retryAll(System.nanoTime()));
        }

        int waiting() {
            lock.lock();
            try {
                return lane.waiting();
            } finally {
                lock.unlock();
            }
        }

        /** Gives one turn, if it is somebody's. */
        private boolean turn(long now) {
            Optional<K> first = lane.turn(now);
            if (first.isEmpty()) {
                return false;
            }
            K key = first.get();
            switch (decide(key)) {
                case Turn.Nothing(Optional<Duration> lookAgainIn) -> {
                    lane.skip(key);
                    lookAgainIn.ifPresent(delay -> lane.lookAgain(key, now + delay.toNanos(), now));
                }
                case Turn.Write(Callable<Outcome> write) -> {
                    if (!lane.begin(key, now)) {
                        return false;
                    }
                    underWay++;
                    Thread.ofVirtual().name("gm-write-" + name + "-" + key).start(() -> write(key, write));
                }
            }
            return true;
        }

        private Turn decide(K key) {
            try {
                return work.decide(key);
            } catch (RuntimeException e) {
                // as a write that fails, so that it is tried again, and not at once
                return new Turn.Write(() -> {
                    throw e;
                });
            }
        }

        private void write(K key, Callable<Outcome> write) {
            Outcome outcome;
            try {
                outcome = write.call();
            } catch (Exception e) {
                LOG.warnf("%s of %s: %s", name, key, e.toString());
                LOG.debug("in full", e);
                outcome = Outcome.FAILED;
            }
            Outcome result = outcome;
            withLock(() -> {
                underWay--;
                long now = System.nanoTime();
                switch (result) {
                    case DONE -> lane.end(key, now);
                    case DUE -> lane.endDue(key, now);
                    case AGAIN -> {
                        lane.changed(key, now);
                        lane.end(key, now);
                    }
                    case FAILED -> lane.failed(key, now);
                }
            });
        }
    }

    /** Adds a kind that comes behind those that were added before. Only before the start. */
    <K> Queue<K> queue(String name, WriteLane<K> lane, Work<K> work) {
        Queue<K> queue = new Queue<>(name, lane, work);
        queues.add(queue);
        return queue;
    }

    void start() {
        thread.start();
    }

    private void withLock(Runnable action) {
        lock.lock();
        try {
            action.run();
            woken = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            try {
                boolean open = beforeEachLook.getAsBoolean();
                lock.lockInterruptibly();
                try {
                    if (closed) {
                        return;
                    }
                    if (!open || !giveTurn()) {
                        await(open);
                    }
                } finally {
                    lock.unlock();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("the scheduler goes on after", e);
            }
        }
    }

    private boolean giveTurn() {
        long now = System.nanoTime();
        for (Queue<?> queue : queues) {
            if (queue.turn(now)) {
                return true;
            }
        }
        return false;
    }

    private void await(boolean open) throws InterruptedException {
        long wait = open ? untilNextTurn() : WAIT_TO_OPEN.toNanos();
        // while nothing may be given, news wakes nobody
        while (!(woken && open) && !closed && wait > 0) {
            wait = news.awaitNanos(wait);
        }
        woken = false;
    }

    private long untilNextTurn() {
        long now = System.nanoTime();
        long wait = LONGEST_WAIT.toNanos();
        for (Queue<?> queue : queues) {
            long next = queue.lane.nextTurnAt(now);
            if (next != Long.MAX_VALUE) {
                wait = Math.min(wait, Math.max(next - now, SHORTEST_WAIT.toNanos()));
            }
        }
        return wait;
    }

    /** Stops giving turns, and waits a little for what is under way. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            news.signalAll();
            long left = STOP_LIMIT.toNanos();
            while (underWay > 0 && left > 0) {
                left = news.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
            thread.interrupt();
        }
    }
}
