package io.groupmembership.operator.group;

import io.groupmembership.operator.group.follow.Departure;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The removals from a group of which nobody was told yet. Who left by a goodbye is not among them. However many there
 * are, it names the first few and counts the others.
 *
 * @param view the last one that removed somebody
 * @param countByReason how many, by crashed, evicted or replaced
 */
record RemovalNews(long view, SortedMap<String, Integer> countByReason, List<Departure> first) {
    static final int MOST_NAMED = 3;
    private static final String GOODBYE = "left";

    RemovalNews {
        countByReason = new TreeMap<>(countByReason);
        first = List.copyOf(first);
    }

    /** Empty where nobody was removed. */
    static Optional<RemovalNews> of(long view, List<Departure> departures) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (Departure departure : departures) {
            if (!departure.reason().equals(GOODBYE)) {
                counts.merge(departure.reason(), 1, Integer::sum);
            }
        }
        List<Departure> first = departures.stream()
                .filter(departure -> !departure.reason().equals(GOODBYE))
                .limit(MOST_NAMED)
                .toList();
        return first.isEmpty() ? Optional.empty() : Optional.of(new RemovalNews(view, counts, first));
    }

    RemovalNews and(RemovalNews later) {
        SortedMap<String, Integer> counts = new TreeMap<>(countByReason);
        later.countByReason.forEach((reason, count) -> counts.merge(reason, count, Integer::sum));
        return new RemovalNews(
                later.view,
                counts,
                Stream.concat(first.stream(), later.first.stream())
                        .limit(MOST_NAMED)
                        .toList());
    }

    int count() {
        return countByReason.values().stream().mapToInt(Integer::intValue).sum();
    }
}
