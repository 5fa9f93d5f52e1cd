package io.groupmembership.node.watch;

import java.util.concurrent.ConcurrentHashMap;

/** What is watched at all: what is not, is not encoded. Counted before a watcher's first look at the state. */
final class Interest {
    private final ConcurrentHashMap<Watched, Integer> watchers = new ConcurrentHashMap<>();

    void add(Watched watched) {
        watchers.merge(watched, 1, Integer::sum);
    }

    void remove(Watched watched) {
        watchers.computeIfPresent(watched, (key, count) -> count == 1 ? null : count - 1);
    }

    boolean has(Watched watched) {
        return watchers.containsKey(watched);
    }

    boolean isEmpty() {
        return watchers.isEmpty();
    }
}
