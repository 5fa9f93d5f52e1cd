package io.groupmembership.membership.detection;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    /** Who of these nodes reached the member, the first that said so. */
    Optional<String> reachedBy(Set<String> nodeIds) {
        if (findings != null) {
            for (Map.Entry<String, Finding> finding : findings.entrySet()) {
                if (finding.getValue().reached() && nodeIds.contains(finding.getKey())) {
                    return Optional.of(finding.getKey());
                }
            }
        }
        return Optional.empty();
    }

    boolean failed(String nodeId) {
        Finding finding = all().get(nodeId);
        return finding != null && !finding.reached();
    }
}
