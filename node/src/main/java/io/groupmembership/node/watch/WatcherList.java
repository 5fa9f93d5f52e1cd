package io.groupmembership.node.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The watchers of one thing on one event loop. One may leave while they are visited: the last one takes its place, and
 * as they are visited from the end, nobody is left out.
 */
final class WatcherList {
    private final List<Watcher> watchers = new ArrayList<>();

    void add(Watcher watcher) {
        watcher.index = watchers.size();
        watchers.add(watcher);
    }

    void remove(Watcher watcher) {
        Watcher last = watchers.removeLast();
        if (last != watcher) {
            watchers.set(watcher.index, last);
            last.index = watcher.index;
        }
    }

    boolean isEmpty() {
        return watchers.isEmpty();
    }

    void forEach(Consumer<Watcher> visitor) {
        for (int i = watchers.size() - 1; i >= 0; i--) {
            if (i < watchers.size()) {
                visitor.accept(watchers.get(i));
            }
        }
    }
}
