package io.groupmembership.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the Raft configuration, carried out by joint consensus.
 *
 * @param expected the peerIds that the configuration must have now
 * @param peers what it shall have
 */
public record ConfigurationRequest(
        @Nullable List<@Nullable String> expected, @Nullable List<RaftState.@Nullable Peer> peers) {}
