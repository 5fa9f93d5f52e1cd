package io.groupmembership.operator.cluster;

import io.groupmembership.protocol.api.RaftState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the operator sees of a cluster before it takes a step.
 *
 * @param wanted how many nodes the spec asks for
 * @param deletesVolumes whether the volume of a node that was scaled away goes too
 * @param recoverFrom the node that a person names as the survivor of a majority that is lost
 * @param identity empty where the cluster was never formed
 * @param hasHeartbeatSecret whether there is a Secret that heartbeats are sealed with
 * @param statefulSetReplicas empty where there is no StatefulSet
 * @param nodes by ordinal, for the pods that exist
 * @param claims the ordinals of the volumes that exist, whether or not a pod has them; one that was never bound is none
 * @param perhapsUsed the ordinals of those, and of volumes that are being deleted: a pod may use them as long as it lives
 */
public record ClusterObservation(
        ClusterNames names,
        int wanted,
        boolean deletesVolumes,
        Optional<String> recoverFrom,
        Optional<ClusterIdentity> identity,
        boolean hasHeartbeatSecret,
        Optional<Integer> statefulSetReplicas,
        List<NodeSeen> nodes,
        Set<Integer> claims,
        Set<Integer> perhapsUsed) {
    public ClusterObservation {
        nodes = nodes.stream()
                .sorted(Comparator.comparingInt(NodeSeen::ordinal))
                .toList();
        claims = Set.copyOf(claims);
        perhapsUsed = Set.copyOf(perhapsUsed);
    }

    /** The state of the node that leads, in the latest term where two say so. */
    Optional<RaftState> leader() {
        return nodes.stream()
                .flatMap(node -> node.state().stream())
                .filter(state -> state.role().equals("leader"))
                .max(Comparator.comparingLong(RaftState::term));
    }

    /** The configuration as the leader has it, or else as the node with the longest log does. */
    List<RaftState.Peer> configuration() {
        return leader().or(() -> nodes.stream()
                        .flatMap(node -> node.state().stream())
                        .filter(state -> !state.peers().isEmpty())
                        .max(Comparator.comparingLong(RaftState::lastLogTerm)
                                .thenComparingLong(RaftState::lastLogIndex)))
                .map(RaftState::peers)
                .orElse(List.of());
    }

    Optional<NodeSeen> node(int ordinal) {
        return nodes.stream().filter(node -> node.ordinal() == ordinal).findFirst();
    }

    Optional<NodeSeen> node(String nodeId) {
        return nodes.stream().filter(node -> node.nodeId().equals(nodeId)).findFirst();
    }

    boolean votes(NodeSeen node) {
        return configuration().stream().anyMatch(peer -> node.isPeer(peer.peerId()));
    }

    int readyVoters() {
        return (int) nodes.stream().filter(node -> node.ready() && votes(node)).count();
    }

    /** How many peers of the configuration take part now. */
    long takingPart() {
        return nodes.stream().filter(node -> votes(node) && node.takesPart()).count();
    }

    boolean hasMajority() {
        int peers = configuration().size();
        return peers > 0 && takingPart() >= peers / 2 + 1;
    }

    /** The ordinals that the configuration has, in order. */
    TreeSet<Integer> votingOrdinals() {
        return configuration().stream()
                .map(peer -> ClusterNames.ordinal(ClusterNames.nodeId(peer.peerId())))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The peers whose nodes are back as other peers, because their volumes are lost. */
    List<RaftState.Peer> wipedPeers() {
        return configuration().stream()
                .filter(peer -> node(ClusterNames.nodeId(peer.peerId()))
                        .flatMap(NodeSeen::state)
                        .filter(state -> !state.peerId().equals(peer.peerId()))
                        .isPresent())
                .toList();
    }
}
