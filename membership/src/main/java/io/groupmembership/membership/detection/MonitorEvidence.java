package io.groupmembership.membership.detection;

import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.Evidence.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a monitor has to say for a suspicion: what it tried, what the other nodes found, and how it was doing itself.
 *
 * @param nodeId of the monitor
 * @param monitored how many members it monitors
 * @param silent how many of these missed their last round
 */
record MonitorEvidence(String nodeId, int monitored, int silent) {
    /** @param health more figures of the monitor's */
    Evidence of(MemberWatch watch, long nowNanos, Map<String, Long> health) {
        Map<String, Long> figures = new TreeMap<>(health);
        figures.put("membersMonitored", (long) monitored);
        figures.put("membersSilent", (long) silent);
        figures.put("leaseOverMillis", millis(watch.leaseOverNanos(nowNanos)));
        long silentMillis = watch.everHeard() ? millis(nowNanos - watch.lastAckNanos()) : -1;
        return new Evidence(silentMillis, probes(watch, nowNanos), figures);
    }

    private List<Probe> probes(MemberWatch watch, long nowNanos) {
        List<Probe> probes = new ArrayList<>();
        if (watch.isRevoked()) {
            probes.add(new Probe(nodeId, "lease", "waited for after a revoke"));
        } else if (watch.missed() > 0) {
            String result = "no answer to " + PingRounds.PINGS + " pings in each of " + watch.missed() + " rounds";
            probes.add(new Probe(nodeId, "udp", result));
        }
        watch.peers().all().forEach((peer, finding) -> {
            String ago = millis(nowNanos - finding.atNanos()) + " ms ago";
            String result =
                    finding.reached() ? "reached it " + ago : "no answer to " + PeerProbe.PINGS + " pings, " + ago;
            probes.add(new Probe(peer, "udp, tcp", result));
        });
        return probes;
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
