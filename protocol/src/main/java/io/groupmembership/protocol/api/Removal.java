package io.groupmembership.protocol.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a membership ended.
 *
 * @param view the first view without the member
 * @param reason left, crashed, evicted or replaced
 * @param monitor the node that watched over the member
 * @param committedBy the node that led when the removal was agreed on
 * @param removedAt when, by the clock of that node (RFC 3339, UTC); for people, no rule reads it
 * @param lastAckMillisAgo how long the member had been silent, null where silence was not the reason
 * @param probes what was tried before the removal
 * @param monitorHealth how well the monitor itself was running
 */
public record Removal(
        String memberId,
        long incarnation,
        long view,
        String reason,
        String monitor,
        String committedBy,
        String removedAt,
        @Nullable Long lastAckMillisAgo,
        List<Probe> probes,
        Map<String, Long> monitorHealth) {
    /** One attempt to reach the member: by which node, by which path, and what came of it. */
    public record Probe(String by, String path, String result) {}
}
