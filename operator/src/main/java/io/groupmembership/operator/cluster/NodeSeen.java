package io.groupmembership.operator.cluster;

import io.groupmembership.protocol.api.RaftState;
import java.util.Optional;

/**
 * One pod of the StatefulSet, and what the node in it says of itself.
 *
 * @param ordinal from 0
 * @param nodeId the pod's name
 * @param ready whether the pod is ready
 * @param terminating whether the pod was deleted and is still there
 * @param outdated whether the pod was made from an older template than the StatefulSet has now
 * @param stuck why the container does not run, as the kubelet says (ImagePullBackOff, CrashLoopBackOff); empty where it
 *     runs or has just begun to
 * @param state empty where the node did not answer
 */
public record NodeSeen(
        int ordinal,
        String nodeId,
        boolean ready,
        boolean terminating,
        boolean outdated,
        Optional<String> stuck,
        Optional<RaftState> state) {
    static final String UNFORMED = "unformed";

    /** The node answered, and its volume is of no cluster yet. */
    boolean isUnformed() {
        return state.map(raft -> raft.role().equals(UNFORMED)).orElse(false);
    }

    boolean isFormed() {
        return state.isPresent() && !isUnformed();
    }

    boolean isPeer(String peerId) {
        return state.map(raft -> raft.peerId().equals(peerId)).orElse(false);
    }

    /** Of a node that answered. */
    String peerId() {
        return state.map(RaftState::peerId).orElseThrow();
    }

    /** The node takes part: it follows a leader or leads. */
    boolean takesPart() {
        return state.map(raft -> raft.leader() != null
                        && (raft.role().equals("leader") || raft.role().equals("follower")))
                .orElse(false);
    }
}
