package io.groupmembership.membership.detection;

import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

/** The live nodes beside this one: who may take a member over, and what they found of it. */
final class OtherNodes {
    private final String nodeId;
    private final TreeSet<String> others = new TreeSet<>();

    OtherNodes(String nodeId) {
        this.nodeId = nodeId;
    }

    /** @param live all of them, this one or not */
    void set(Collection<String> live) {
        others.clear();
        others.addAll(live);
        others.remove(nodeId);
    }

    /** The one after this, by name, around the circle. */
    Optional<String> next() {
        if (others.isEmpty()) {
            return Optional.empty();
        }
        String higher = others.higher(nodeId);
        return Optional.of(higher == null ? others.first() : higher);
    }

    /** Which of them reached the member, the first that said so. */
    Optional<String> reached(PeerFindings findings) {
        return findings.reachedBy(others);
    }

    /** Whether each of them tried to reach the member in vain. */
    boolean allFailed(PeerFindings findings) {
        return others.stream().allMatch(findings::failed);
    }
}
