package io.groupmembership.cli.nodes;

import io.groupmembership.cli.local.LocalNode;
import io.groupmembership.protocol.api.RaftState;
import io.groupmembership.protocol.cluster.PeerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is seen before a step.
 *
 * @param leader the leader's state
 * @param states of the peers of the configuration that answer, by peerId
 * @param candidate what answers where the node is, or shall be
 * @param candidateAt where that is, for people; empty where nobody knows
 * @param here the node on this machine; empty where no {@code gm up} here has to do with it
 */
record Sight(
        RaftState leader,
        Map<String, RaftState> states,
        Optional<RaftState> candidate,
        String candidateAt,
        Optional<Here> here) {
    /** A follower that lacks more than this has a snapshot to fetch, or long to catch up. */
    private static final long CAUGHT_UP_ENTRIES = 10_000;

    static final String UNFORMED = "unformed";

    /**
     * A node that {@code gm up} runs here, or could.
     *
     * @param listed as it is written down; empty where it is not
     * @param offer a place for it with free ports, where it is not written down
     * @param running whether its process runs, or {@code gm up} has not yet followed what is written down
     * @param directory whether its data directory exists
     * @param volume the peerId that the directory names; empty where that is lost
     */
    record Here(
            Optional<LocalNode> listed,
            Optional<LocalNode> offer,
            boolean running,
            boolean directory,
            Optional<String> volume) {}

    List<RaftState.Peer> peers() {
        return leader.peers();
    }

    Optional<RaftState.Peer> peer(String nodeId) {
        return peers().stream()
                .filter(peer -> PeerId.nodeId(peer.peerId()).equals(nodeId))
                .findFirst();
    }

    /** A leader that has just begun to lead takes all others for silent. */
    boolean isSettled() {
        return peers().size() <= 1 || leader.silentPeers().size() < peers().size() - 1;
    }

    /** The peer answers, the leader hears of it, and it has nearly all that the leader has. */
    boolean takesPart(RaftState.Peer peer) {
        return !leader.silentPeers().contains(peer.peerId())
                && Optional.ofNullable(states.get(peer.peerId()))
                        .filter(state -> state.leader() != null
                                && (state.role().equals("leader")
                                        || state.role().equals("follower"))
                                && leader.commitIndex() - state.lastLogIndex() < CAUGHT_UP_ENTRIES)
                        .isPresent();
    }

    /** The peers beside this one that take part. */
    List<RaftState.Peer> othersTakingPart(RaftState.Peer but) {
        return peers().stream()
                .filter(peer -> !peer.equals(but) && takesPart(peer))
                .toList();
    }
}
