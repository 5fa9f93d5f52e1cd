package io.groupmembership.operator.group;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.ClusterRef;
import io.groupmembership.crds.Group;
import io.groupmembership.crds.GroupSpec;
import io.groupmembership.crds.GroupStatus;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.informer.SlimInformer;
import io.groupmembership.operator.injection.ClusterKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code Group} object as it is kept: all but the ids in its status, of which the hash is enough to see that they are
 * others.
 *
 * @param generation grows with each change of the spec
 * @param createdAt RFC 3339, in UTC, so that texts compare as times do
 * @param autoCreated whether the operator created it
 * @param status without ids
 * @param memberIdsHash of the status's list of ids
 */
record GroupObject(
        String namespace,
        String name,
        String uid,
        String resourceVersion,
        long generation,
        String createdAt,
        boolean beingDeleted,
        boolean autoCreated,
        GroupSpec spec,
        GroupStatus status,
        int memberIdsHash)
        implements SlimInformer.View {
    static GroupObject of(Group group) {
        ObjectMeta metadata = group.getMetadata();
        Map<String, String> annotations = metadata.getAnnotations() == null ? Map.of() : metadata.getAnnotations();
        GroupStatus status = group.getStatus();
        return new GroupObject(
                metadata.getNamespace().intern(),
                metadata.getName(),
                metadata.getUid() == null ? "" : metadata.getUid(),
                metadata.getResourceVersion() == null ? "" : metadata.getResourceVersion(),
                metadata.getGeneration() == null ? 1 : metadata.getGeneration(),
                metadata.getCreationTimestamp() == null ? "" : metadata.getCreationTimestamp(),
                metadata.getDeletionTimestamp() != null,
                "true".equals(annotations.get(ApiGroup.AUTO_CREATED_ANNOTATION)),
                group.getSpec(),
                status.toBuilder().memberIds(List.of()).build(),
                status.memberIds().hashCode());
    }

    GroupKey key() {
        return new GroupKey(namespace, name);
    }

    /** The cluster that keeps the group; empty where nobody has said so yet. */
    Optional<ClusterKey> cluster() {
        ClusterRef reference = spec.clusterRef();
        return reference == null
                ? Optional.empty()
                : Optional.of(new ClusterKey(reference.namespaceOr(namespace), reference.name()));
    }

    /** Whether the operator created it and nobody has written its spec since. */
    boolean isNobodys() {
        return autoCreated && generation == 1;
    }

    Optional<String> service() {
        return Optional.ofNullable(spec.service());
    }

    static int hashOf(List<String> memberIds) {
        return memberIds.hashCode();
    }
}
