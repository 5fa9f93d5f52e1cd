package io.groupmembership.cli.view;

import io.groupmembership.cli.show.Table;
import io.groupmembership.protocol.api.Removal;
import io.groupmembership.protocol.api.RemovalReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The evidence of a removal for a person in a hurry: first one line that says why, then the facts, then who tried to
 * reach the member. What this version knows no words for, because the nodes are newer, is shown as it came.
 */
final class RemovalText {
    private static final Pattern AGO = Pattern.compile("(.*?),? (\\d{1,12}) ms ago");

    private final String group;
    private final Removal removal;

    /** @param group with its namespace */
    RemovalText(String group, Removal removal) {
        this.group = group;
        this.removal = removal;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(Table.printable(removal.memberId() + " is out of " + group + " since view " + removal.view() + ": "
                + RemovalReason.of(removal)));
        lines.add("");
        lines.addAll(facts().lines());
        if (!removal.probes().isEmpty()) {
            lines.add("");
            Table probes = new Table("PROBED BY", "PATH", "WHEN", "RESULT");
            removal.probes().forEach(probe -> probe(probe, probes));
            lines.addAll(probes.lines());
        }
        return lines;
    }

    private Table facts() {
        Table facts = new Table("INCARNATION", Long.toString(removal.incarnation()))
                .row("REASON", removal.reason())
                .row("REMOVED AT", removal.removedAt())
                .row("COMMITTED BY", removal.committedBy())
                .row("MONITOR", removal.monitor());
        Map<String, Long> figures = new TreeMap<>(removal.monitorHealth());
        Long silentMillis = removal.lastAckMillisAgo();
        if (silentMillis != null) {
            facts.row("LAST HEARD", seconds(silentMillis) + " before");
        } else if (!figures.isEmpty()) {
            facts.row("LAST HEARD", "never, by this monitor");
        }
        Long overMillis = figures.remove("leaseOverMillis");
        if (overMillis != null) {
            facts.row(
                    "LEASE",
                    overMillis < 0
                            ? "would have run for another " + seconds(-overMillis)
                            : "over for " + seconds(overMillis));
        }
        String health = health(figures);
        if (!health.isEmpty()) {
            facts.row("MONITOR'S HEALTH", health);
        }
        return facts;
    }

    /** What the monitor said of itself, in words; takes the figures that it has words for. */
    private static String health(Map<String, Long> figures) {
        List<String> parts = new ArrayList<>();
        Long monitored = figures.remove("membersMonitored");
        Long silent = figures.remove("membersSilent");
        if (silent != null && monitored != null) {
            parts.add(silent + " of its " + count(monitored, "member") + " silent");
        } else if (silent != null) {
            parts.add(count(silent, "member") + " silent");
        } else if (monitored != null) {
            parts.add(count(monitored, "member"));
        }
        Long acks = figures.remove("acksLastWindow");
        if (acks != null) {
            parts.add(count(acks, "answer") + " in 5 s");
        }
        Long lagMillis = figures.remove("loopLagMillis");
        if (lagMillis != null) {
            parts.add("at most " + lagMillis + " ms late");
        }
        figures.forEach((name, figure) -> parts.add(name + "=" + figure));
        return String.join(", ", parts);
    }

    private void probe(Removal.Probe probe, Table probes) {
        String by = probe.by().equals(removal.monitor()) ? probe.by() + " (monitor)" : probe.by();
        Matcher ago = AGO.matcher(probe.result());
        if (ago.matches()) {
            probes.row(by, probe.path(), seconds(Long.parseLong(ago.group(2))) + " before", ago.group(1));
        } else {
            probes.row(by, probe.path(), "", probe.result());
        }
    }

    private static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
}
