package io.groupmembership.node.monitor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is wanted of the event loop and not yet done: the hand-over from the thread that applies the replicated state.
 *
 * <p>Its size is bounded by what it is about, not by the number of calls: it holds one wish for each incarnation, the
 * newest, and one number for each group. So a hundred thousand joins at once take a hundred thousand entries, and a
 * member that joins and leaves many times over between two passes takes one for each incarnation. The loop takes the
 * whole map away in one move, so a caller never waits for longer than that move or another caller's put.
 */
final class PendingChanges {
    /** A group, by its name. */
    record GroupName(String namespace, String group) {}

    /**
     * What was wanted since the last time.
     *
     * @param onlyThese whether every incarnation that is not in {@code wishes} is to be forgotten
     * @param wishes by incarnation; an empty one is to be forgotten
     * @param nonces of this node's own beats that were applied, behind all of the wishes
     * @param liveNodes as of now
     */
    record Changes(
            boolean onlyThese,
            Map<Long, Optional<MonitoredMember>> wishes,
            Map<GroupName, Long> views,
            List<Long> nonces,
            Set<String> liveNodes) {
        static final Changes NONE = new Changes(false, Map.of(), Map.of(), List.of(), Set.of());
    }

    private static final int MOST_NONCES = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private boolean onlyThese;
    private Map<Long, Optional<MonitoredMember>> wishes = new LinkedHashMap<>();
    private Map<GroupName, Long> views = new LinkedHashMap<>();
    private List<Long> nonces = new ArrayList<>();
    private Set<String> liveNodes = Set.of();
    private boolean closed;

    void monitor(MonitoredMember member) {
        wish(member.incarnation(), Optional.of(member));
    }

    void forget(long incarnation) {
        wish(incarnation, Optional.empty());
    }

    private void wish(long incarnation, Optional<MonitoredMember> wish) {
        lock.lock();
        try {
            if (!closed) {
                wishes.put(incarnation, wish);
            }
        } finally {
            lock.unlock();
        }
    }

    void retainOnly(Collection<MonitoredMember> members) {
        // Built outside the lock: the loop must not wait while a snapshot's members are gone through.
        Map<Long, Optional<MonitoredMember>> retained = LinkedHashMap.newLinkedHashMap(members.size());
        for (MonitoredMember member : members) {
            retained.put(member.incarnation(), Optional.of(member));
        }
        lock.lock();
        try {
            if (!closed) {
                onlyThese = true;
                wishes = retained;
                views = new LinkedHashMap<>();
            }
        } finally {
            lock.unlock();
        }
    }

    void viewChanged(GroupName group, long view) {
        lock.lock();
        try {
            if (!closed) {
                views.put(group, view);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A beat of this node was applied; the oldest are forgotten where the loop does not come. */
    void ticked(long nonce) {
        lock.lock();
        try {
            if (!closed) {
                nonces.add(nonce);
                if (nonces.size() > MOST_NONCES) {
                    nonces.removeFirst();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void nodesAre(Set<String> nodeIds) {
        lock.lock();
        try {
            liveNodes = nodeIds;
        } finally {
            lock.unlock();
        }
    }

    /** Takes away everything that is wanted: nothing that comes later gets into what was taken. */
    Changes take() {
        lock.lock();
        try {
            if (!onlyThese && wishes.isEmpty() && views.isEmpty() && nonces.isEmpty()) {
                return new Changes(false, Map.of(), Map.of(), List.of(), liveNodes);
            }
            Changes taken = new Changes(onlyThese, wishes, views, nonces, liveNodes);
            onlyThese = false;
            wishes = new LinkedHashMap<>();
            views = new LinkedHashMap<>();
            nonces = new ArrayList<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps nothing from now on: there is no loop any more that would take it. */
    void close() {
        lock.lock();
        try {
            closed = true;
            wishes = new LinkedHashMap<>();
            views = new LinkedHashMap<>();
        } finally {
            lock.unlock();
        }
    }
}
