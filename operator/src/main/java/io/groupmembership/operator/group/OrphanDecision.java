package io.groupmembership.operator.group;

import io.fabric8.kubernetes.api.model.Condition;
import io.groupmembership.crds.Conditions;
import io.groupmembership.crds.Conditions.Finding;
import io.groupmembership.crds.Conditions.Status;
import io.groupmembership.crds.GroupStatus;
import io.groupmembership.operator.injection.ClusterKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What becomes of a {@code Group} object whose cluster is not there: one that nobody wrote goes, and of the others the
 * status says so. A person may write a group before its cluster.
 */
sealed interface OrphanDecision {
    String CLUSTER_NOT_FOUND = "ClusterNotFound";

    record Delete(GroupObject object) implements OrphanDecision {}

    /** @param status without ids: those that the object has stay */
    record Tell(GroupObject object, GroupStatus status) implements OrphanDecision {}

    record Nothing() implements OrphanDecision {}

    static OrphanDecision of(GroupObject object, Set<ClusterKey> existing, Instant now) {
        if (object.beingDeleted()
                || object.cluster().isEmpty()
                || existing.contains(object.cluster().get())) {
            return new Nothing();
        }
        if (object.isNobodys()) {
            return new Delete(object);
        }
        String message =
                "there is no GroupMembershipCluster " + object.cluster().get();
        List<Condition> conditions = object.status().conditions();
        List<String> types = object.service().isPresent()
                ? List.of(GroupStatus.READY, GroupStatus.SYNCED, GroupStatus.SERVICE_BOUND)
                : List.of(GroupStatus.READY, GroupStatus.SYNCED);
        for (String type : types) {
            conditions = Conditions.with(
                    conditions, new Finding(type, Status.FALSE, CLUSTER_NOT_FOUND, message), object.generation(), now);
        }
        GroupStatus status = object.status().toBuilder()
                .observedGeneration(object.generation())
                .conditions(conditions)
                .build();
        return status.equals(object.status()) ? new Nothing() : new Tell(object, status);
    }
}
