package io.groupmembership.operator.group;

import io.groupmembership.operator.event.EventWriter;
import io.groupmembership.operator.group.follow.Departure;
import io.groupmembership.protocol.api.Removal;
import io.groupmembership.protocol.api.RemovalReason;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an event says of removals. The view in it makes each another one than the last.
 *
 * @param reason what happened to all of them, or {@code Removed} where not the same did
 */
record RemovalMessage(EventWriter.Type type, String reason, String text) {
    private static final String CRASHED = "crashed";

    /** @param evidence of those who are named, as far as the nodes have it */
    static RemovalMessage of(RemovalNews news, Map<Departure, Removal> evidence) {
        return new RemovalMessage(
                news.countByReason().containsKey(CRASHED) ? EventWriter.Type.WARNING : EventWriter.Type.NORMAL,
                news.countByReason().size() == 1
                        ? capitalized(news.countByReason().firstKey())
                        : "Removed",
                text(news, evidence));
    }

    private static String text(RemovalNews news, Map<Departure, Removal> evidence) {
        if (news.count() == 1) {
            Departure gone = news.first().getFirst();
            return named(gone) + " is out since view " + news.view() + ": " + why(gone, evidence);
        }
        int more = news.count() - news.first().size();
        return news.count() + " members are out by view " + news.view() + " (" + counts(news) + "): "
                + news.first().stream()
                        .map(gone -> named(gone) + ": " + why(gone, evidence))
                        .collect(Collectors.joining("; "))
                + (more > 0 ? "; and " + more + " more" : "");
    }

    private static String counts(RemovalNews news) {
        return news.countByReason().entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String named(Departure gone) {
        return gone.memberId() + " (incarnation " + gone.incarnation() + ")";
    }

    private static String why(Departure gone, Map<Departure, Removal> evidence) {
        Removal removal = evidence.get(gone);
        return removal == null ? gone.reason() : why(removal);
    }

    private static String why(Removal removal) {
        Long overMillis = removal.monitorHealth().get("leaseOverMillis");
        return RemovalReason.of(removal) + (overMillis == null ? "" : ", " + lease(overMillis)) + ", committed by "
                + removal.committedBy();
    }

    private static String lease(long overMillis) {
        return overMillis < 0
                ? "lease would have run for another " + seconds(-overMillis)
                : "lease over for " + seconds(overMillis);
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    private static String capitalized(String word) {
        return word.isEmpty() ? "Removed" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
