package io.groupmembership.node.monitor;

import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The keys that members' datagrams are sealed with.
 *
 * @param secrets gives the same object until something has changed
 */
public record MemberKeys(UUID clusterId, Supplier<ClusterSecrets> secrets) {
    /** Of secrets that never change. */
    public MemberKeys(UUID clusterId, ClusterSecrets secrets) {
        this(clusterId, () -> secrets);
    }

    /** For the answer to a join. */
    public HeartbeatKey of(String namespace, String group, String memberId, long incarnation) {
        return secrets.get().inUse().memberKey(clusterId, namespace, group, memberId, incarnation);
    }

    KeyChoice of(MonitoredMember member) {
        KeyChoice choice = new KeyChoice(List.of());
        renew(choice, member);
        return choice;
    }

    /** Gives a choice the keys of today, if it has older ones. */
    void renew(KeyChoice choice, MonitoredMember member) {
        ClusterSecrets now = secrets.get();
        if (choice.madeOf(now)) {
            choice.become(keys(member, now));
        }
    }

    private List<HeartbeatKey> keys(MonitoredMember member, ClusterSecrets now) {
        return now.inUseFirst().stream()
                .map(secret -> secret.memberKey(
                        clusterId, member.namespace(), member.group(), member.memberId(), member.incarnation()))
                .toList();
    }
}
