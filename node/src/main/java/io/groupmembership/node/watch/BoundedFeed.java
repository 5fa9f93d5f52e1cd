package io.groupmembership.node.watch;

import java.util.Collection;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Hands items from one thread to another, in order, and never makes the sender wait. When it is full it takes nothing
 * more on until the receiver has emptied it and knows that items are missing: everything that it gets afterwards is
 * newer than the loss, so one look at the state repairs it.
 */
final class BoundedFeed<T> {
    private final ArrayBlockingQueue<T> queue;
    private volatile boolean lossy;

    BoundedFeed(int capacity) {
        this.queue = new ArrayBlockingQueue<>(capacity);
    }

    /** Called by the sender alone. */
    void offer(T item) {
        if (!lossy && !queue.offer(item)) {
            lossy = true;
        }
    }

    /** Says that something happened which no item tells. Called by the sender alone. */
    void lose() {
        lossy = true;
    }

    /** Moves what is there, and says whether something was lost behind it. Called by the receiver alone. */
    boolean drainTo(Collection<? super T> items) {
        boolean lost = lossy;
        queue.drainTo(items);
        if (lost) {
            lossy = false;
        }
        return lost;
    }
}
