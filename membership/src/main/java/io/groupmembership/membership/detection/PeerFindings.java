package io.groupmembership.membership.detection;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What other nodes found when they probed a silent member, since it was last heard of. */
final class PeerFindings {
    record Finding(boolean reached, long atNanos) {}

    private @Nullable Map<String, Finding> findings;

    void add(String nodeId, boolean reached, long nowNanos) {
        Map<String, Finding> known = findings;
        if (known == null) {
            known = LinkedHashMap.newLinkedHashMap(4);
            findings = known;
        }
        known.put(nodeId, new Finding(reached, nowNanos));
    }

    void forget() {
        findings = null;
    }

    Map<String, Finding> all() {
        return findings == null ? Map.of() : findings;
    }

    /** Who reached the member, the first that said so. */
    Optional<String> reachedBy() {
        return all().entrySet().stream()
                .filter(finding -> finding.getValue().reached())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    boolean failed(String nodeId) {
        Finding finding = all().get(nodeId);
        return finding != null && !finding.reached();
    }
}
