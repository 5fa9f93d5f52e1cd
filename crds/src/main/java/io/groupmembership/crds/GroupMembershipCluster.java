package io.groupmembership.crds;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A cluster of 1, 3, 5 or 7 nodes. Spec and status are never null: where the object has none, they are empty. */
@io.fabric8.kubernetes.model.annotation.Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("groupmembershipclusters")
@Singular("groupmembershipcluster")
@ShortNames("gmc")
@Categories(ApiGroup.CATEGORY)
public final class GroupMembershipCluster
        extends CustomResource<GroupMembershipClusterSpec, GroupMembershipClusterStatus> implements Namespaced {

    public static GroupMembershipCluster of(String namespace, String name, GroupMembershipClusterSpec spec) {
        GroupMembershipCluster cluster = new GroupMembershipCluster();
        cluster.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
        cluster.setSpec(spec);
        return cluster;
    }

    @Override
    protected GroupMembershipClusterSpec initSpec() {
        return GroupMembershipClusterSpec.EMPTY;
    }

    @Override
    protected GroupMembershipClusterStatus initStatus() {
        return GroupMembershipClusterStatus.EMPTY;
    }

    @Override
    public void setSpec(@Nullable GroupMembershipClusterSpec spec) {
        super.setSpec(spec == null ? initSpec() : spec);
    }

    @Override
    public void setStatus(@Nullable GroupMembershipClusterStatus status) {
        super.setStatus(status == null ? initStatus() : status);
    }
}
