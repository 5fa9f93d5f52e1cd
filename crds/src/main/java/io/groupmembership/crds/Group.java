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

/**
 * A group: its name is the object's, its members' namespace the object's namespace. Spec and status are never null:
 * where the object has none, they are empty.
 */
@io.fabric8.kubernetes.model.annotation.Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Plural("groups")
@Singular("group")
@ShortNames("gmg")
@Categories(ApiGroup.CATEGORY)
public final class Group extends CustomResource<GroupSpec, GroupStatus> implements Namespaced {

    public static Group of(String namespace, String name, GroupSpec spec) {
        Group group = new Group();
        group.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
        group.setSpec(spec);
        return group;
    }

    @Override
    protected GroupSpec initSpec() {
        return GroupSpec.EMPTY;
    }

    @Override
    protected GroupStatus initStatus() {
        return GroupStatus.EMPTY;
    }

    @Override
    public void setSpec(@Nullable GroupSpec spec) {
        super.setSpec(spec == null ? initSpec() : spec);
    }

    @Override
    public void setStatus(@Nullable GroupStatus status) {
        super.setStatus(status == null ? initStatus() : status);
    }
}
