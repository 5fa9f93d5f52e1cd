package io.groupmembership.node.watch;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How many watchers there are, and what they were sent since the node started. */
@ApplicationScoped
public class WatchStats {
    private final AtomicInteger watchers = new AtomicInteger();
    private final LongAdder events = new LongAdder();
    private final LongAdder resets = new LongAdder();
    private final LongAdder catchUps = new LongAdder();

    public int watchers() {
        return watchers.get();
    }

    public long events() {
        return events.sum();
    }

    /** Streams that were told to start anew. */
    public long resets() {
        return resets.sum();
    }

    /** Times that a watcher was behind and got its events from the history. */
    public long catchUps() {
        return catchUps.sum();
    }

    /** Takes a place; false where all are taken. */
    boolean enter(int most) {
        return watchers.getAndUpdate(count -> count < most ? count + 1 : count) < most;
    }

    void leave() {
        watchers.decrementAndGet();
    }

    void countEvents(int count) {
        events.add(count);
    }

    void countReset() {
        resets.increment();
    }

    void countCatchUp() {
        catchUps.increment();
    }
}
