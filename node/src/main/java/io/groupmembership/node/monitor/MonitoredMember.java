package io.groupmembership.node.monitor;

import io.groupmembership.protocol.HeartbeatMode;
import java.time.Duration;

/**
 * A member to watch over.
 *
 * @param incarnation unique in the cluster: the key of the watch
 * @param assignmentEpoch grows with each change of the member's monitor
 * @param heartbeatAddress host:port, or host:port/path for http; host is a DNS name or an IP address, IPv6 in brackets.
 *     An address that can't be read is a member that never answers
 * @param interval between two pings; held to 50 ms at least and a day at most
 * @param misses unanswered pings in a row after which the member counts as silent; 1 at least
 * @param view the number of the group's view, which goes out with the pings
 */
public record MonitoredMember(
        String namespace,
        String group,
        String memberId,
        long incarnation,
        int assignmentEpoch,
        HeartbeatMode mode,
        String heartbeatAddress,
        Duration interval,
        int misses,
        long view) {
    /** Whether the other is to be watched just like this one: only the view number may differ. */
    boolean sameWatch(MonitoredMember other) {
        return incarnation == other.incarnation
                && assignmentEpoch == other.assignmentEpoch
                && mode == other.mode
                && misses == other.misses
                && interval.equals(other.interval)
                && heartbeatAddress.equals(other.heartbeatAddress);
    }
}
