package io.groupmembership.operator.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.groupmembership.crds.Conditions;
import io.groupmembership.crds.Conditions.Finding;
import io.groupmembership.crds.Conditions.Status;
import io.groupmembership.crds.GroupMembershipClusterStatus;
import io.groupmembership.crds.NodeStatus;
import io.groupmembership.protocol.api.RaftState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the status of a cluster says, from what was seen and which step followed. */
public final class ClusterReport {
    private ClusterReport() {}

    /**
     * @param before the status as it is
     * @param images of the pods, one each
     * @param groups how many groups and members there are, where that is known
     */
    static GroupMembershipClusterStatus of(
            GroupMembershipClusterStatus before,
            ClusterObservation seen,
            ClusterStep step,
            List<String> images,
            Optional<Counts> groups,
            long generation,
            Instant now) {
        Optional<RaftState> leader = seen.leader();
        List<String> distinct = images.stream().distinct().toList();
        return before.toBuilder()
                .observedGeneration(generation)
                .conditions(conditions(before, seen, step, generation, now))
                .replicas(seen.nodes().size())
                .readyReplicas(seen.readyVoters())
                .selector(seen.names().selectorText())
                .leader(leader.map(RaftState::nodeId).orElse(null))
                .term(leader.map(RaftState::term).orElse(before.term()))
                .clusterId(seen.identity().map(ClusterIdentity::clusterId).orElse(null))
                .recoveryEpoch(seen.identity()
                        .map(identity -> (int) identity.recoveryEpoch())
                        .orElse(null))
                .nodes(seen.nodes().stream().map(node -> status(seen, node)).toList())
                .groups(groups.map(Counts::groups).orElse(before.groups()))
                .members(groups.map(Counts::members).orElse(before.members()))
                .image(distinct.size() == 1 ? distinct.getFirst() : null)
                .build();
    }

    /** How many groups have members, and how many members they have. */
    public record Counts(int groups, int members) {}

    private static NodeStatus status(ClusterObservation seen, NodeSeen node) {
        return new NodeStatus(
                node.nodeId(),
                node.state().map(RaftState::peerId).orElse(null),
                node.state().map(RaftState::role).orElse(null),
                node.ready(),
                seen.votes(node));
    }

    private static List<Condition> conditions(
            GroupMembershipClusterStatus before,
            ClusterObservation seen,
            ClusterStep step,
            long generation,
            Instant now) {
        List<Condition> conditions = before.conditions();
        for (Finding finding : List.of(
                ready(seen, step), formed(before, seen), scaling(step), refused(step), dataLost(step), quorum(step))) {
            conditions = Conditions.with(conditions, finding, generation, now);
        }
        return conditions;
    }

    private static Finding ready(ClusterObservation seen, ClusterStep step) {
        int ready = seen.readyVoters();
        String count = ready + " of " + seen.wanted() + " nodes are ready";
        return switch (step) {
            case ClusterStep.Done _
            when ready == seen.wanted() ->
                new Finding(GroupMembershipClusterStatus.READY, Status.TRUE, "AllNodesReady", count);
            case ClusterStep.Done _ ->
                new Finding(GroupMembershipClusterStatus.READY, Status.FALSE, "NodesUnready", count);
            case ClusterStep.Wait wait ->
                new Finding(GroupMembershipClusterStatus.READY, Status.FALSE, wait.reason(), wait.message());
            case ClusterStep.Refuse refusal ->
                new Finding(GroupMembershipClusterStatus.READY, Status.FALSE, refusal.reason(), refusal.message());
            default -> new Finding(GroupMembershipClusterStatus.READY, Status.FALSE, "InProgress", StepWords.of(step));
        };
    }

    private static Finding formed(GroupMembershipClusterStatus before, ClusterObservation seen) {
        boolean formed = Conditions.holds(before.conditions(), GroupMembershipClusterStatus.FORMED)
                || (seen.leader().isPresent() && seen.configuration().size() >= seen.wanted());
        return formed
                ? new Finding(
                        GroupMembershipClusterStatus.FORMED,
                        Status.TRUE,
                        "Formed",
                        "the nodes are one cluster, "
                                + seen.identity()
                                        .map(ClusterIdentity::clusterId)
                                        .orElse("whose Secret is missing"))
                : new Finding(
                        GroupMembershipClusterStatus.FORMED,
                        Status.FALSE,
                        "Forming",
                        seen.configuration().size() + " of " + seen.wanted() + " nodes are in");
    }

    private static Finding scaling(ClusterStep step) {
        boolean scaling = switch (step) {
            case ClusterStep.RaiseReplicas _,
                    ClusterStep.Form _,
                    ClusterStep.RecordRecovery _,
                    ClusterStep.Recover _,
                    ClusterStep.ForgetRecovery _,
                    ClusterStep.Configure _,
                    ClusterStep.MoveLeadership _,
                    ClusterStep.LowerReplicas _,
                    ClusterStep.DeleteVolume _ -> true;
            case ClusterStep.DrawHeartbeatSecret _,
                    ClusterStep.RecordIdentity _,
                    ClusterStep.RestartPod _,
                    ClusterStep.Wait _,
                    ClusterStep.Refuse _,
                    ClusterStep.Done _ -> false;
        };
        return new Finding(
                GroupMembershipClusterStatus.SCALING,
                Status.of(scaling),
                scaling ? "NodesChange" : "NoChange",
                scaling ? StepWords.of(step) : "no node is being added, removed or replaced");
    }

    private static Finding refused(ClusterStep step) {
        return step instanceof ClusterStep.Refuse refusal
                ? new Finding(GroupMembershipClusterStatus.REFUSED, Status.TRUE, refusal.reason(), refusal.message())
                : new Finding(GroupMembershipClusterStatus.REFUSED, Status.FALSE, "NothingRefused", "");
    }

    private static Finding dataLost(ClusterStep step) {
        return step instanceof ClusterStep.Refuse refusal && refusal.reason().equals(ClusterPlan.DATA_LOST)
                ? new Finding(GroupMembershipClusterStatus.DATA_LOST, Status.TRUE, refusal.reason(), refusal.message())
                : new Finding(GroupMembershipClusterStatus.DATA_LOST, Status.FALSE, "DataFound", "");
    }

    private static Finding quorum(ClusterStep step) {
        return switch (step) {
            case ClusterStep.Wait wait
            when wait.reason().equals(ClusterPlan.QUORUM_LOST) ->
                new Finding(GroupMembershipClusterStatus.QUORUM_LOST, Status.TRUE, wait.reason(), wait.message());
            case ClusterStep.Refuse refusal
            when refusal.reason().equals(ClusterPlan.MAJORITY_LOST) ->
                new Finding(GroupMembershipClusterStatus.QUORUM_LOST, Status.TRUE, refusal.reason(), refusal.message());
            default -> new Finding(GroupMembershipClusterStatus.QUORUM_LOST, Status.FALSE, "Quorum", "");
        };
    }
}
