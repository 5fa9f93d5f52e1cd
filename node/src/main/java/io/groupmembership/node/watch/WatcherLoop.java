package io.groupmembership.node.watch;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The watchers of one event loop. {@link #offer} and {@link #resync} are for the fan-out thread; the rest happens on
 * the loop. However many changes come while the loop is busy, it is woken once.
 */
final class WatcherLoop {
    private static final int FEED_CAPACITY = 512;

    private final Context context;
    private final CatchUps catchUps;
    private final WatchStats stats;
    private final Interest interest;
    private final Map<Watched, WatcherList> watchers = new HashMap<>();
    private final BoundedFeed<EncodedEntry> feed = new BoundedFeed<>(FEED_CAPACITY);
    private final AtomicBoolean woken = new AtomicBoolean();
    private int keepAliveTick;

    WatcherLoop(Context context, CatchUps catchUps, WatchStats stats, Interest interest) {
        this.context = context;
        this.catchUps = catchUps;
        this.stats = stats;
        this.interest = interest;
        context.runOnContext(started -> context.owner().setPeriodic(KeepAlive.TICK_MILLIS, timer -> keepAlive()));
    }

    WatchStats stats() {
        return stats;
    }

    // ---- from the fan-out thread

    void offer(EncodedEntry entry) {
        feed.offer(entry);
        wake();
    }

    void resync() {
        feed.lose();
        wake();
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            context.runOnContext(ready -> deliver());
        }
    }

    // ---- on the loop

    private void deliver() {
        woken.set(false);
        List<EncodedEntry> entries = new ArrayList<>();
        boolean lost = feed.drainTo(entries);
        for (EncodedEntry entry : entries) {
            entry.frames().forEach((watched, frame) -> {
                WatcherList list = watchers.get(watched);
                if (list != null) {
                    list.forEach(watcher -> watcher.offer(frame));
                }
            });
        }
        if (lost) {
            forEach(Watcher::resync);
        }
    }

    /** From here on changes are offered to the watcher: what it fetches first can't be older than the first offer. */
    void add(Watcher watcher) {
        interest.add(watcher.watched());
        watchers.computeIfAbsent(watcher.watched(), watched -> new WatcherList())
                .add(watcher);
    }

    void remove(Watcher watcher) {
        WatcherList list = watchers.get(watcher.watched());
        if (list != null) {
            list.remove(watcher);
            if (list.isEmpty()) {
                watchers.remove(watcher.watched());
            }
        }
        interest.remove(watcher.watched());
        stats.leave();
    }

    void fetch(Watcher watcher, long position) {
        stats.countCatchUp();
        catchUps.request(
                watcher.watched(), position, answer -> context.runOnContext(fetched -> watcher.caughtUp(answer)));
    }

    private void keepAlive() {
        keepAliveTick++;
        forEach(watcher -> {
            if (KeepAlive.isTurnOf(watcher, keepAliveTick)) {
                watcher.keepAlive();
            }
        });
    }

    void endAll() {
        context.runOnContext(ending -> forEach(Watcher::end));
    }

    private void forEach(java.util.function.Consumer<Watcher> visitor) {
        List.copyOf(watchers.values()).forEach(list -> list.forEach(visitor));
    }
}
