package io.groupmembership.node.monitor;

import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.util.UUID;

/** The keys that members' datagrams are sealed with. */
public record MemberKeys(UUID clusterId, ClusterSecrets secrets) {
    /** For the answer to a join. */
    public HeartbeatKey of(String namespace, String group, String memberId, long incarnation) {
        return secrets.inUse().memberKey(clusterId, namespace, group, memberId, incarnation);
    }

    KeyChoice of(MonitoredMember member) {
        return new KeyChoice(secrets.inUseFirst().stream()
                .map(secret -> secret.memberKey(
                        clusterId, member.namespace(), member.group(), member.memberId(), member.incarnation()))
                .toList());
    }
}
