package io.groupmembership.operator.group;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.ClusterRef;
import io.groupmembership.crds.Group;
import io.groupmembership.crds.GroupSpec;
import io.groupmembership.crds.GroupStatus;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.injection.ClusterKey;
import io.groupmembership.operator.kubernetes.ServerSideApply;
import java.util.Map;
import java.util.Optional;

/**
 * Writes {@code Group} objects. Status and claim are applied (server-side apply), bound to the object's UID; an object is
 * created with a plain POST, as applying would take a person's object of the same name over and mark it as ours.
 */
final class GroupWriter {
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final KubernetesClient kubernetes;

    GroupWriter(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** @return empty where an object of that name is there already */
    Optional<Group> create(GroupKey key, ClusterKey cluster) {
        Group group = Group.of(
                key.namespace(),
                key.name(),
                GroupSpec.EMPTY.withClusterRef(new ClusterRef(cluster.name(), cluster.namespace())));
        group.getMetadata().setLabels(Map.of(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR));
        group.getMetadata().setAnnotations(Map.of(ApiGroup.AUTO_CREATED_ANNOTATION, "true"));
        try {
            return Optional.of(kubernetes.resource(group).create());
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Group claim(GroupObject object, ClusterKey cluster) {
        Group group = bare(object);
        group.setSpec(GroupSpec.EMPTY.withClusterRef(new ClusterRef(cluster.name(), cluster.namespace())));
        return kubernetes.resource(group).patch(ServerSideApply.UNFORCED);
    }

    /**
     * Writes the status.
     *
     * @param idsAreKnown whether the status has the ids; else those that the object has stay
     * @return empty where the object is gone
     */
    Optional<Group> applyStatus(GroupObject object, GroupStatus status, boolean idsAreKnown) {
        Group group = bare(object);
        try {
            GroupStatus whole = status;
            if (!idsAreKnown) {
                Group there = kubernetes.resource(group).get();
                if (there == null) {
                    return Optional.empty();
                }
                whole = status.toBuilder()
                        .memberIds(there.getStatus().memberIds())
                        .build();
            }
            group.setStatus(whole);
            return Optional.of(kubernetes.resource(group).subresource("status").patch(ServerSideApply.FORCED));
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Deletes the object as it was seen; one that has changed since stays. */
    void delete(GroupObject object) {
        try {
            kubernetes
                    .resource(bare(object))
                    .lockResourceVersion(object.resourceVersion())
                    .delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT && e.getCode() != NOT_FOUND) {
                throw e;
            }
        }
    }

    private static Group bare(GroupObject object) {
        Group group = new Group();
        group.setMetadata(new ObjectMetaBuilder()
                .withNamespace(object.namespace())
                .withName(object.name())
                .withUid(object.uid())
                .build());
        return group;
    }
}
