package io.groupmembership.membership;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The latest changes of all groups in log order, so that a watcher resumes where it stopped. Bounded: about
 * {@value #MAX_BYTES} bytes in all, their members' metadata included, or the newest change alone. The oldest go first;
 * a watcher that needs them is told to start anew.
 */
final class ChangeHistory {
    static final long MAX_BYTES = 16L * 1024 * 1024;

    private final ArrayDeque<ViewChange> all = new ArrayDeque<>();
    private final Map<GroupKey, ArrayDeque<ViewChange>> byGroup = new HashMap<>();
    private long bytes;
    private long forgottenUpTo;

    /** @param forgottenUpTo the position of the newest change that is not in the history */
    ChangeHistory(long forgottenUpTo) {
        this.forgottenUpTo = forgottenUpTo;
    }

    void add(ViewChange change) {
        all.addLast(change);
        bytes += change.weightBytes();
        ArrayDeque<ViewChange> ofGroup = byGroup.computeIfAbsent(change.group(), key -> new ArrayDeque<>());
        ofGroup.addLast(change);
        while (bytes > MAX_BYTES && all.size() > 1) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        ViewChange oldest = all.removeFirst();
        bytes -= oldest.weightBytes();
        forgottenUpTo = Math.max(forgottenUpTo, oldest.position());
        ArrayDeque<ViewChange> ofGroup = byGroup.get(oldest.group());
        if (ofGroup != null) {
            ofGroup.removeFirst();
            if (ofGroup.isEmpty()) {
                byGroup.remove(oldest.group());
            }
        }
    }

    /**
     * The changes that lead from a view of a group to its current one.
     *
     * @return empty where the history does not reach back that far, or the view is not one of this group's past
     */
    Optional<List<ViewChange>> since(GroupKey group, long view, long currentView) {
        if (view == currentView) {
            return Optional.of(List.of());
        }
        ArrayDeque<ViewChange> ofGroup = byGroup.get(group);
        if (view > currentView || ofGroup == null || ofGroup.getFirst().view() > view + 1) {
            return Optional.empty();
        }
        List<ViewChange> changes = new ArrayList<>();
        for (Iterator<ViewChange> newest = ofGroup.descendingIterator(); newest.hasNext(); ) {
            ViewChange change = newest.next();
            if (change.view() <= view) {
                break;
            }
            changes.add(change);
        }
        // a group that made room and came back has numbers that were never its own
        return changes.size() == currentView - view ? Optional.of(changes.reversed()) : Optional.empty();
    }

    /** The changes of all groups behind a position; empty where the history does not reach back that far. */
    Optional<List<ViewChange>> sincePosition(long position, long newest) {
        if (position < forgottenUpTo || position > newest) {
            return Optional.empty();
        }
        List<ViewChange> changes = new ArrayList<>();
        for (Iterator<ViewChange> backwards = all.descendingIterator(); backwards.hasNext(); ) {
            ViewChange change = backwards.next();
            if (change.position() <= position) {
                break;
            }
            changes.add(change);
        }
        return Optional.of(changes.reversed());
    }

    /** Forgets every change up to a position. */
    void forgetAll(long upTo) {
        all.clear();
        byGroup.clear();
        bytes = 0;
        forgottenUpTo = upTo;
    }

    long forgottenUpTo() {
        return forgottenUpTo;
    }

    Iterable<ViewChange> all() {
        return all;
    }

    int size() {
        return all.size();
    }
}
