package io.groupmembership.operator.cluster;

import io.groupmembership.operator.cluster.ClusterStep.RecordRecovery;
import io.groupmembership.operator.cluster.ClusterStep.Recover;
import io.groupmembership.operator.cluster.ClusterStep.Refuse;
import io.groupmembership.protocol.api.RaftState;
import java.util.List;
import java.util.Optional;

/**
 * How a cluster goes on from one survivor, after the majority of its volumes is lost. Written down first, in a Secret
 * that nobody changes, and then told to the survivor; the others must be seen to be gone at both looks, as two of them
 * that live on somewhere would be a cluster of their own.
 */
final class RecoveryPlan {
    private static final String REFUSED = "RecoveryRefused";

    private final ClusterObservation seen;

    RecoveryPlan(ClusterObservation seen) {
        this.seen = seen;
    }

    /** What comes of a person's word that this node is the survivor. */
    ClusterStep asWished(String nodeId) {
        Optional<NodeSeen> survivor = seen.node(nodeId).filter(node -> node.isFormed() && seen.votes(node));
        if (survivor.isEmpty()) {
            return new Refuse(
                    REFUSED,
                    nodeId + " is named to recover from, and does not answer as one of the "
                            + seen.configuration().size() + " nodes of the cluster");
        }
        List<String> perhapsThere = seen.configuration().stream()
                .filter(peer -> !survivor.get().isPeer(peer.peerId()) && !isGone(peer))
                .map(peer -> ClusterNames.nodeId(peer.peerId()))
                .toList();
        return perhapsThere.isEmpty()
                ? new RecordRecovery(survivor.get().peerId(), known().recoveryEpoch() + 1)
                : new Refuse(
                        REFUSED,
                        "the volumes of " + String.join(", ", perhapsThere) + " may still be there: bring the nodes"
                                + " back, or delete their claims and pods for good");
    }

    /** Its node is back as another peer, or has no volume. */
    boolean isGone(RaftState.Peer peer) {
        String nodeId = ClusterNames.nodeId(peer.peerId());
        return seen.node(nodeId)
                .flatMap(NodeSeen::state)
                .map(state -> !state.peerId().equals(peer.peerId()))
                .orElseGet(() -> !seen.perhapsUsed().contains(ClusterNames.ordinal(nodeId)));
    }

    /** What was written down and not done. */
    Optional<ClusterStep> begun() {
        long epoch = known().recoveryEpoch();
        return seen.nodes().stream()
                .filter(node -> node.isFormed() && node.isPeer(known().founder()))
                .filter(node -> node.state()
                        .map(state ->
                                state.clusterId().equals(known().clusterId()) && state.recoveryEpoch() == epoch - 1)
                        .orElse(false))
                .findFirst()
                .map(node -> recoverUnlessNeedless(node, epoch));
    }

    /** It was written down while nobody else was there; that is looked at again until the survivor has been told. */
    private ClusterStep recoverUnlessNeedless(NodeSeen survivor, long epoch) {
        List<String> back = survivor.state().stream()
                .flatMap(state -> state.peers().stream())
                .filter(peer -> !survivor.isPeer(peer.peerId()) && !isGone(peer))
                .map(peer -> ClusterNames.nodeId(peer.peerId()))
                .toList();
        if (back.isEmpty() && seen.leader().isEmpty()) {
            return new Recover(survivor.nodeId(), survivor.peerId(), epoch);
        }
        return new Refuse(
                REFUSED,
                "the Secret " + seen.names().identitySecret(epoch) + " says to recover from " + survivor.nodeId()
                        + ", which was not told yet, and " + String.join(", ", back)
                        + " may be there after all: delete that Secret to call the recovery off, or their claims and"
                        + " pods for good");
    }

    private ClusterIdentity known() {
        return seen.identity().orElseThrow();
    }
}
