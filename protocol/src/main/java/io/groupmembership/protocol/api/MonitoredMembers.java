package io.groupmembership.protocol.api;

import java.util.List;

/** The members that one node heartbeats. */
public record MonitoredMembers(String nodeId, List<Monitored> members) {
    /**
     * @param assignmentEpoch grows each time the member gets another monitor
     * @param heartbeat udp, tcp or http
     */
    public record Monitored(
            String namespace,
            String group,
            String memberId,
            long incarnation,
            int assignmentEpoch,
            String heartbeat,
            String heartbeatAddress) {}
}
