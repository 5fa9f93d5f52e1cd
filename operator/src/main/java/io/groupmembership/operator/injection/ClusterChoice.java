package io.groupmembership.operator.injection;

import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.operator.injection.Refusal.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which cluster a pod belongs to. The annotation names it, and the cluster must allow the pod's namespace. Without an
 * annotation it is the only cluster that does; where there are several, nobody guesses. A cluster that is being deleted
 * takes no new member.
 */
final class ClusterChoice {
    private static final int LISTED = 8;

    private ClusterChoice() {}

    static GroupMembershipCluster of(
            Optional<String> asked, PodNamespace namespace, List<GroupMembershipCluster> clusters)
            throws RefusedException {
        List<GroupMembershipCluster> usable = clusters.stream()
                .filter(cluster -> NamespaceRule.allows(cluster, namespace) && !beingDeleted(cluster))
                .sorted(Comparator.comparing(ClusterKey::of))
                .toList();
        if (asked.isPresent()) {
            return named(asked.get(), namespace, clusters, usable);
        }
        if (usable.size() == 1) {
            return usable.getFirst();
        }
        if (usable.isEmpty()) {
            throw new RefusedException(
                    Reason.NO_CLUSTER,
                    "namespace " + namespace.name() + " has no cluster for the pod to join: create a"
                            + " GroupMembershipCluster (" + ApiGroup.API_VERSION
                            + ") in it, or let spec.allowedNamespaces"
                            + " of another namespace's cluster allow it");
        }
        throw new RefusedException(
                Reason.AMBIGUOUS_CLUSTER,
                "annotation " + MemberPod.CLUSTER_ANNOTATION + " must say which of several clusters to join: "
                        + list(usable));
    }

    private static GroupMembershipCluster named(
            String text,
            PodNamespace namespace,
            List<GroupMembershipCluster> clusters,
            List<GroupMembershipCluster> usable)
            throws RefusedException {
        String field = "annotation " + MemberPod.CLUSTER_ANNOTATION;
        ClusterKey key = ClusterKey.parse(text, namespace.name())
                .orElseThrow(() -> new RefusedException(
                        Reason.INVALID_ANNOTATION,
                        field + " must be NAME or NAMESPACE/NAME of a GroupMembershipCluster, not "
                                + Refusal.quoted(text)));
        GroupMembershipCluster cluster = clusters.stream()
                .filter(each -> ClusterKey.of(each).equals(key))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        Reason.NO_SUCH_CLUSTER,
                        field + " names " + key + ", and there is no such GroupMembershipCluster: namespace "
                                + namespace.name() + " may use " + list(usable)));
        if (!NamespaceRule.allows(cluster, namespace)) {
            throw new RefusedException(
                    Reason.CLUSTER_NOT_ALLOWED,
                    field + " names " + key + ", whose spec.allowedNamespaces does not allow namespace "
                            + namespace.name() + ", which may use " + list(usable));
        }
        if (beingDeleted(cluster)) {
            throw new RefusedException(
                    Reason.CLUSTER_BEING_DELETED, field + " names " + key + ", which is being deleted");
        }
        return cluster;
    }

    private static boolean beingDeleted(GroupMembershipCluster cluster) {
        return cluster.getMetadata().getDeletionTimestamp() != null;
    }

    private static String list(List<GroupMembershipCluster> clusters) {
        if (clusters.isEmpty()) {
            return "none";
        }
        String some = clusters.stream()
                .limit(LISTED)
                .map(ClusterKey::of)
                .map(ClusterKey::toString)
                .collect(Collectors.joining(", "));
        return clusters.size() > LISTED ? some + " and " + (clusters.size() - LISTED) + " more" : some;
    }
}
