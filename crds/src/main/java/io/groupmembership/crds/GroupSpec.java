package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a person asks of a group. Nothing has a default here: what is absent is decided by the group's cluster.
 *
 * @param clusterRef the cluster that keeps the group; it never changes once it is there
 * @param maxMembers how many members the group may have; absent: as many as a node allows by default
 * @param service the name of a Service, without a selector, that gets the group's members as its endpoints
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GroupSpec(
        @Nullable ClusterRef clusterRef,
        @Nullable Heartbeat heartbeat,
        @Nullable Integer maxMembers,
        @Nullable String service) {
    public static final GroupSpec EMPTY = new GroupSpec(null, null, null, null);

    public GroupSpec withClusterRef(@Nullable ClusterRef value) {
        return new GroupSpec(value, heartbeat, maxMembers, service);
    }

    public GroupSpec withHeartbeat(@Nullable Heartbeat value) {
        return new GroupSpec(clusterRef, value, maxMembers, service);
    }

    public GroupSpec withMaxMembers(@Nullable Integer value) {
        return new GroupSpec(clusterRef, heartbeat, value, service);
    }

    public GroupSpec withService(@Nullable String value) {
        return new GroupSpec(clusterRef, heartbeat, maxMembers, value);
    }

    /** The heartbeat of this group in a cluster with that one. */
    public Heartbeat heartbeatIn(GroupMembershipClusterSpec cluster) {
        return heartbeat == null ? cluster.heartbeatOrDefault() : heartbeat.orElse(cluster.heartbeatOrDefault());
    }
}
