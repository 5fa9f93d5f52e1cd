package io.groupmembership.operator.group;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When what is written next. Things that changed wait here by their key, once each however often they change: what is
 * written is what they are when their turn comes.
 *
 * <ul>
 *   <li>Turns are in the order of the first change since the last write; whoever was written waits behind all who are
 *       waiting. What is only looked at again ({@link #refresh}) comes when no change waits.
 *   <li>Within any second at most so many writes begin ({@link WriteWindow}), of one key at most one within the gap, and
 *       at most so many are under way.
 *   <li>A write that failed is tried again after a delay that doubles, and the others go on.
 * </ul>
 *
 * <p>Bounded by the keys that there are. It has no clock: every method takes the time, in nanoseconds from any origin.
 * Not thread-safe.
 */
final class WriteLane<K> {
    /**
     * @param gap from the begin of a write of a key to the next one of the same key
     * @param concurrent how many may be under way
     */
    record Limits(Duration gap, int concurrent) {}

    private static final long SECOND = 1_000_000_000L;
    private static final long FIRST_RETRY = SECOND;
    private static final long LONGEST_RETRY = 60 * SECOND;
    private static final int MOST_DOUBLINGS = 6;

    private enum State {
        /** Its turn will come. */
        READY,
        /** As READY, but behind every key that is. */
        REFRESH,
        /** Its turn may not come before its time. */
        DELAYED,
        /** As DELAYED, but only to be looked at: a change brings it forward. */
        LATER,
        /** A write is under way. */
        WRITING,
        /** It was written less than the gap ago, and has not changed since. */
        RESTING
    }

    private static final class Entry<K> {
        private final K key;
        private final long order;
        private State state = State.READY;
        /** When a timed state ends. */
        private long at;
        /** When its next write may begin. */
        private long notBefore;

        private boolean refreshOnly;
        private boolean changedMeanwhile;
        private int failures;

        Entry(K key, long order, long now) {
            this.key = key;
            this.order = order;
            this.notBefore = now;
        }
    }

    private final WriteWindow window;
    private final Limits limits;
    private final Map<K, Entry<K>> entries = new HashMap<>();
    private final SequencedSet<K> ready = new LinkedHashSet<>();
    private final SequencedSet<K> refreshes = new LinkedHashSet<>();
    private final TreeSet<Entry<K>> timed = new TreeSet<>(
            Comparator.<Entry<K>>comparingLong(entry -> entry.at).thenComparingLong(entry -> entry.order));
    private int underWay;
    private long orders;

    WriteLane(WriteWindow window, Limits limits) {
        this.window = window;
        this.limits = limits;
    }

    /** Something is to be written, or not to be written any more. */
    void changed(K key, long now) {
        Entry<K> entry = entries.get(key);
        if (entry == null) {
            queue(enter(key, now), false);
            return;
        }
        entry.refreshOnly = false;
        switch (entry.state) {
            case READY, DELAYED -> {}
            case REFRESH -> {
                refreshes.remove(key);
                queue(entry, false);
            }
            case LATER, RESTING -> {
                timed.remove(entry);
                delay(entry, State.DELAYED, entry.notBefore);
                promote(now);
            }
            case WRITING -> entry.changedMeanwhile = true;
        }
    }

    /** To be looked at again without haste: something that concerns many keys has changed. */
    void refresh(K key, long now) {
        Entry<K> entry = entries.get(key);
        if (entry == null) {
            queue(enter(key, now), true);
            return;
        }
        switch (entry.state) {
            case READY, REFRESH, DELAYED -> {}
            case LATER, RESTING -> {
                timed.remove(entry);
                entry.refreshOnly = true;
                delay(entry, State.DELAYED, entry.notBefore);
                promote(now);
            }
            case WRITING -> {
                entry.refreshOnly = !entry.changedMeanwhile;
                entry.changedMeanwhile = true;
            }
        }
    }

    /** To be looked at again at some time, if nothing happens before. */
    void lookAgain(K key, long at, long now) {
        Entry<K> entry = entries.get(key);
        if (entry == null) {
            entry = enter(key, now);
        } else if (entry.state == State.RESTING) {
            timed.remove(entry);
        } else {
            return;
        }
        delay(entry, State.LATER, Math.max(at, entry.notBefore));
    }

    /** Whose turn it is, if a write may begin now. The turn stays with the key until {@link #skip} or {@link #begin}. */
    Optional<K> turn(long now) {
        promote(now);
        if (underWay >= limits.concurrent() || window.opensAt() > now) {
            return Optional.empty();
        }
        if (!ready.isEmpty()) {
            return Optional.of(ready.getFirst());
        }
        return refreshes.isEmpty() ? Optional.empty() : Optional.of(refreshes.getFirst());
    }

    /** There is nothing to write for the key whose turn it is. */
    void skip(K key) {
        entry(key, State.READY, State.REFRESH);
        ready.remove(key);
        refreshes.remove(key);
        entries.remove(key);
    }

    /** A write of the key whose turn it is begins; false where others have taken the second's last place. */
    boolean begin(K key, long now) {
        Entry<K> entry = entry(key, State.READY, State.REFRESH);
        if (!window.begin(now)) {
            return false;
        }
        ready.remove(key);
        refreshes.remove(key);
        entry.state = State.WRITING;
        entry.changedMeanwhile = false;
        entry.refreshOnly = false;
        entry.notBefore = now + limits.gap().toNanos();
        underWay++;
        return true;
    }

    /** The write has succeeded. */
    void end(K key, long now) {
        Entry<K> entry = entry(key, State.WRITING);
        underWay--;
        entry.failures = 0;
        delay(entry, entry.changedMeanwhile ? State.DELAYED : State.RESTING, entry.notBefore);
        promote(now);
    }

    /** The write has succeeded, was none that the gap is for, and makes another one due. */
    void endDue(K key, long now) {
        Entry<K> entry = entry(key, State.WRITING);
        entry.notBefore = now;
        entry.changedMeanwhile = true;
        end(key, now);
    }

    /** The write has failed: it is tried again, later each time. */
    void failed(K key, long now) {
        Entry<K> entry = entry(key, State.WRITING);
        underWay--;
        long delay = Math.min(FIRST_RETRY << Math.min(entry.failures, MOST_DOUBLINGS), LONGEST_RETRY);
        entry.failures++;
        delay(entry, State.DELAYED, Math.max(entry.notBefore, now + delay));
        promote(now);
    }

    /** What failed may be tried again now: its cause is gone. */
    void retryAll(long now) {
        List<Entry<K>> failed = timed.stream()
                .filter(entry -> entry.state == State.DELAYED && entry.failures > 0)
                .toList();
        for (Entry<K> entry : failed) {
            timed.remove(entry);
            entry.failures = 0;
            delay(entry, State.DELAYED, entry.notBefore);
        }
        promote(now);
    }

    /** When {@link #turn} may next have an answer; never, where nothing waits or all that may be are under way. */
    long nextTurnAt(long now) {
        promote(now);
        long next = timed.isEmpty() ? Long.MAX_VALUE : timed.first().at;
        if (underWay < limits.concurrent() && !(ready.isEmpty() && refreshes.isEmpty())) {
            next = Math.min(next, Math.max(now, window.opensAt()));
        }
        return next;
    }

    /** How many keys wait for their turn. */
    int waiting() {
        return ready.size()
                + refreshes.size()
                + (int) timed.stream()
                        .filter(entry -> entry.state == State.DELAYED)
                        .count();
    }

    boolean isUnderWay(K key) {
        Entry<K> entry = entries.get(key);
        return entry != null && entry.state == State.WRITING;
    }

    private Entry<K> enter(K key, long now) {
        Entry<K> entry = new Entry<>(key, orders++, now);
        entries.put(key, entry);
        return entry;
    }

    private Entry<K> entry(K key, State... allowed) {
        @Nullable Entry<K> entry = entries.get(key);
        if (entry != null) {
            for (State state : allowed) {
                if (entry.state == state) {
                    return entry;
                }
            }
        }
        throw new IllegalStateException(key + " has no turn");
    }

    private void queue(Entry<K> entry, boolean refresh) {
        entry.state = refresh ? State.REFRESH : State.READY;
        (refresh ? refreshes : ready).add(entry.key);
    }

    private void delay(Entry<K> entry, State state, long until) {
        entry.state = state;
        entry.at = until;
        timed.add(entry);
    }

    /** Moves on those whose time has come. */
    private void promote(long now) {
        for (Iterator<Entry<K>> due = timed.iterator(); due.hasNext(); ) {
            Entry<K> entry = due.next();
            if (entry.at > now) {
                return;
            }
            due.remove();
            if (entry.state == State.RESTING) {
                entries.remove(entry.key);
            } else {
                queue(entry, entry.refreshOnly);
            }
        }
    }
}
