package io.groupmembership.operator.group;

import io.groupmembership.crds.GroupMembershipClusterSpec;
import io.groupmembership.crds.GroupSpec;
import io.groupmembership.crds.Heartbeat;
import io.groupmembership.protocol.Limits;
import io.groupmembership.protocol.api.Policy;
import java.util.Objects;

/**
 * The policy of a group at the nodes is what its {@code Group} object asks for, and what its cluster asks for where that
 * is silent. A group whose object was deleted has what its cluster asks for.
 */
sealed interface PolicyDecision {
    record Put(Policy policy) implements PolicyDecision {}

    record InForce() implements PolicyDecision {}

    /** @param group {@link GroupSpec#EMPTY} for a group without an object */
    static Policy wanted(GroupSpec group, GroupMembershipClusterSpec cluster) {
        Heartbeat heartbeat = group.heartbeatIn(cluster);
        Integer maxMembers = group.maxMembers();
        return new Policy(
                heartbeat.intervalMillisOrDefault(),
                heartbeat.missesOrDefault(),
                maxMembers == null ? Limits.DEFAULT_MAX_MEMBERS : maxMembers);
    }

    /** @param current as a node shows it; a field that is absent has its default */
    static PolicyDecision of(Policy wanted, Policy current) {
        boolean same = Objects.equals(wanted.intervalMillis(), current.intervalMillis())
                && Objects.equals(wanted.misses(), current.misses())
                && Objects.equals(wanted.maxMembers(), current.maxMembers());
        return same ? new InForce() : new Put(wanted);
    }
}
