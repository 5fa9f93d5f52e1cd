package io.groupmembership.node.monitor;

import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.util.UUID;

/** The keys that members' datagrams are sealed with. */
public record MemberKeys(UUID clusterId, ClusterSecrets secrets) {
    public HeartbeatKey of(String namespace, String group, String memberId, long incarnation) {
        return secrets.inUse().memberKey(clusterId, namespace, group, memberId, incarnation);
    }

    HeartbeatKey of(MonitoredMember member) {
        return of(member.namespace(), member.group(), member.memberId(), member.incarnation());
    }
}
