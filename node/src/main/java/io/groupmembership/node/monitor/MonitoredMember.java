package io.groupmembership.node.monitor;

import io.groupmembership.membership.detection.Charge;
import io.groupmembership.protocol.HeartbeatMode;
import java.time.Duration;

/**
 * A member to watch over.
 *
 * @param charge the member as the replicated state says it. Its incarnation, unique in the cluster, is the key of the
 *     watch. An address that can't be read is a member that never answers
 * @param view the number of the group's view, which goes out with the pings
 */
public record MonitoredMember(Charge charge, long view) {
    public String namespace() {
        return charge.group().namespace();
    }

    public String group() {
        return charge.group().name();
    }

    public String memberId() {
        return charge.member().memberId();
    }

    public long incarnation() {
        return charge.member().incarnation();
    }

    public int assignmentEpoch() {
        return charge.member().assignmentEpoch();
    }

    public HeartbeatMode mode() {
        return charge.member().spec().mode();
    }

    /** host:port, or host:port/path for http; host is a DNS name or an IP address, IPv6 in brackets. */
    public String heartbeatAddress() {
        return charge.member().spec().heartbeatAddress();
    }

    /** Between two pings; held to 50 ms at least and a day at most. */
    public Duration interval() {
        return Duration.ofMillis(charge.policy().intervalMillis());
    }

    /** Unanswered pings in a row after which the member counts as silent; 1 at least. */
    public int misses() {
        return charge.policy().misses();
    }

    /** Whether the other is to be watched just like this one: only the view number may differ. */
    boolean sameWatch(MonitoredMember other) {
        return incarnation() == other.incarnation()
                && assignmentEpoch() == other.assignmentEpoch()
                && mode() == other.mode()
                && misses() == other.misses()
                && interval().equals(other.interval())
                && heartbeatAddress().equals(other.heartbeatAddress());
    }
}
