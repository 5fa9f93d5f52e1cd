package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Batch;
import io.groupmembership.membership.Command;
import io.groupmembership.membership.Entry;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the nodes have agreed on. Raft itself is taken for granted: an entry is appended by the node that leads, if it
 * reaches a majority of the configuration when it does.
 */
final class Log {
    private final List<Entry> entries = new ArrayList<>();
    private final List<Long> agreedNanos = new ArrayList<>();
    private final Map<Long, Consumer<Result>> waiting = new HashMap<>();
    private final Set<Integer> configured = new HashSet<>();
    private long sequence;
    int leader = -1;

    int size() {
        return entries.size();
    }

    Entry entry(int index) {
        return entries.get(index);
    }

    /** When it was agreed on. */
    long agreedNanos(int index) {
        return agreedNanos.get(index);
    }

    Set<Integer> configured() {
        return configured;
    }

    /** @param answer is given the result when the entry is first applied, by whichever node */
    int append(String leaderId, long nowNanos, Command command, Consumer<Result> answer) {
        long number = ++sequence;
        entries.add(new Entry(
                leaderId,
                nowNanos / World.MILLI,
                new Batch(1, number, number, List.of(new Request(Optional.empty(), command)))));
        agreedNanos.add(nowNanos);
        waiting.put(number, answer);
        return entries.size() - 1;
    }

    /** The first application of an entry: its result is the one that is answered. */
    void applied(int index, List<Result> results) {
        Consumer<Result> answer = waiting.remove(entries.get(index).batch().sequence());
        if (answer != null) {
            answer.accept(results.getFirst());
        }
    }
}
