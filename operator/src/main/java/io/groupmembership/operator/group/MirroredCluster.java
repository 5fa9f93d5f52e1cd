package io.groupmembership.operator.group;

import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.GroupMembershipClusterSpec;
import io.groupmembership.operator.injection.ClusterKey;
import java.util.Objects;

/** The cluster that is mirrored, as it was last seen. */
final class MirroredCluster {
    private final ClusterKey key;
    private volatile GroupMembershipCluster resource;

    MirroredCluster(GroupMembershipCluster resource) {
        this.key = ClusterKey.of(resource);
        this.resource = resource;
    }

    ClusterKey key() {
        return key;
    }

    GroupMembershipCluster resource() {
        return resource;
    }

    GroupMembershipClusterSpec spec() {
        return resource.getSpec();
    }

    /** Takes note of a later state; says whether it concerns groups. */
    boolean update(GroupMembershipCluster later) {
        GroupMembershipClusterSpec before = resource.getSpec();
        GroupMembershipClusterSpec after = later.getSpec();
        resource = later;
        return !Objects.equals(before.heartbeatOrDefault(), after.heartbeatOrDefault())
                || !Objects.equals(before.allowedNamespacesOrDefault(), after.allowedNamespacesOrDefault());
    }
}
