package io.groupmembership.node.monitor;

import java.util.List;
import java.util.Map;

/**
 * A member that left its pings unanswered, and the evidence.
 *
 * @param member as it was given to the detector; its view number may be older than the last one told
 * @param answeredBefore whether it ever answered this monitor under this epoch
 * @param lastAckMillisAgo the age of its last answer or, where there was none, of the watch
 * @param probes its last misses, oldest first, as many as the policy has
 * @param monitorHealth how well this monitor is running: loopLagMillis (the longest delay of a ping in the last 5 to 10
 *     seconds), membersMonitored, acksLastWindow (answers of all members in the last whole window of 5 seconds)
 */
public record SilentMember(
        MonitoredMember member,
        boolean answeredBefore,
        long lastAckMillisAgo,
        List<Probe> probes,
        Map<String, Long> monitorHealth) {
    /**
     * An attempt that was not answered.
     *
     * @param path udp, tcp or http
     * @param result what came of it, in a few words
     * @param millisAgo how long ago it counted as missed
     */
    public record Probe(String path, String result, long millisAgo) {}
}
