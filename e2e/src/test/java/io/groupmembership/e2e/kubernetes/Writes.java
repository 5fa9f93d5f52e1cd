package io.groupmembership.e2e.kubernetes;

import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** When objects of one kind were written, as a watch tells it: each write is one event. */
final class Writes<T> implements Watcher<T> {
    private final Queue<Long> times = new ConcurrentLinkedQueue<>();
    private final Consumer<T> listener;
    private volatile boolean lost;

    /** @param listener sees each object that was written */
    Writes(Consumer<T> listener) {
        this.listener = listener;
    }

    @Override
    public void eventReceived(Action action, T object) {
        if (action == Action.ADDED || action == Action.MODIFIED || action == Action.DELETED) {
            times.add(System.nanoTime());
            listener.accept(object);
        }
    }

    @Override
    public void onClose(WatcherException cause) {
        lost = true;
    }

    /** Whether events may be missing. */
    boolean lost() {
        return lost;
    }

    void forget() {
        times.clear();
    }

    int count() {
        return times.size();
    }

    /** The most writes of all these within any such time. */
    static int most(Duration within, Writes<?>... all) {
        List<Long> sorted = Stream.of(all)
                .flatMap(writes -> Stream.of(writes.times.toArray(Long[]::new)))
                .sorted()
                .toList();
        ArrayDeque<Long> window = new ArrayDeque<>();
        int most = 0;
        for (long time : sorted) {
            window.add(time);
            while (time - window.getFirst() >= within.toNanos()) {
                window.removeFirst();
            }
            most = Math.max(most, window.size());
        }
        return most;
    }
}
