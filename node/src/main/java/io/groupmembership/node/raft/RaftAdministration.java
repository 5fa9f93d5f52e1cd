package io.groupmembership.node.raft;

import io.groupmembership.protocol.api.RaftState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Changes of the Raft group, asked of the node that leads. The futures fail with a {@link RefusedException} where the
 * change would be unsafe or another node leads, and with an {@link UnavailableException} where no majority answers.
 */
public interface RaftAdministration {
    /**
     * Changes the configuration by joint consensus.
     *
     * @param expectedPeerIds what the configuration must be now, where the caller says so
     * @param peers what it shall be
     * @return the configuration as it is then
     */
    CompletableFuture<RaftState> changeConfiguration(
            Optional<List<String>> expectedPeerIds, List<RaftState.Peer> peers);

    /**
     * Makes this node the only peer of its cluster, at the next recovery epoch. It ends after the answer.
     *
     * @return the group as it was
     */
    CompletableFuture<RaftState> recover(long recoveryEpoch);

    /** Moves leadership to a node of the configuration. */
    CompletableFuture<Void> transferLeadership(String nodeId);
}
