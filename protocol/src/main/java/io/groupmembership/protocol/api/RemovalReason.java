package io.groupmembership.protocol.api;

import java.util.LinkedHashSet;
import java.util.Set;

/** Why a membership ended, in a phrase for people that follows the member's name and a colon. */
public final class RemovalReason {
    private static final Set<String> PATHS_TO_MEMBER = Set.of("udp", "tcp", "http");
    private static final String REACHED = "reached";

    private RemovalReason() {}

    /** The reason itself, as it came, where this version knows no words for it. */
    public static String of(Removal removal) {
        return switch (removal.reason()) {
            case "left" -> "it left";
            case "evicted" -> evicted(removal);
            case "replaced" -> "another instance took its place";
            case "crashed" -> crashed(removal);
            default -> removal.reason();
        };
    }

    private static String evicted(Removal removal) {
        return removal.probes().stream().anyMatch(probe -> probe.path().equals("backup"))
                ? "the cluster began anew from a backup"
                : "it was evicted";
    }

    private static String crashed(Removal removal) {
        if (removal.probes().stream().anyMatch(probe -> probe.path().equals("kubelet"))) {
            return "its containers had ended";
        }
        Set<String> failed = new LinkedHashSet<>();
        Set<String> reached = new LinkedHashSet<>();
        for (Removal.Probe probe : removal.probes()) {
            if (PATHS_TO_MEMBER.contains(probe.path())) {
                (probe.result().startsWith(REACHED) ? reached : failed).add(probe.by());
            }
        }
        failed.removeAll(reached);
        String silent = failed.isEmpty() ? "it was silent" : "no answer to " + String.join(", ", failed);
        String heard = reached.isEmpty() ? "" : ", though " + String.join(", ", reached) + " had reached it";
        return silent + heard;
    }
}
