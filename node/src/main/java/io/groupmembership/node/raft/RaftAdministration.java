package io.groupmembership.node.raft;

import io.groupmembership.protocol.api.RaftState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Changes who is in the Raft group and who leads it. Nodes refuse what is unsafe, whoever asks.
 *
 * <p>Both fail with a {@link RefusedException} where the change is not allowed now, and with an
 * {@link UnavailableException} where no majority answered in time. Neither blocks.
 */
public interface RaftAdministration {
    /**
     * Changes the configuration by joint consensus.
     *
     * @param expectedPeerIds what the configuration must have now; empty: whatever it has
     * @param peers what it shall have, at least one
     * @return completes with the state after the change
     */
    CompletableFuture<RaftState> changeConfiguration(
            Optional<List<String>> expectedPeerIds, List<RaftState.Peer> peers);

    /** Moves leadership to a node of the configuration. */
    CompletableFuture<Void> transferLeadership(String nodeId);
}
