package io.groupmembership.node.raft;

import io.groupmembership.protocol.api.RaftState;
import java.util.Optional;

/**
 * The Raft group as one node sees it.
 *
 * @param state in the form of the API
 * @param leaderNodeId the nodeId of the leader, where this node knows of one
 * @param ready whether this node knows a leader, and has once since its start applied all that was acknowledged before
 */
public record RaftStatus(RaftState state, Optional<String> leaderNodeId, boolean ready) {
    public boolean isLeader() {
        return state.role().equals("leader");
    }
}
