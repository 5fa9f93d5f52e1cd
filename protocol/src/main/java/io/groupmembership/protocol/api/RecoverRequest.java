package io.groupmembership.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * Makes one node the whole cluster, after the majority was lost for good. It ends, and starts again as the only peer of
 * a new Raft group; what only the lost nodes had is lost.
 *
 * @param peerId the peer that is meant, as the node itself said
 * @param clusterId the cluster that is meant
 * @param recoveryEpoch one more than the node's now
 */
public record RecoverRequest(
        @Nullable String peerId,
        @Nullable String clusterId,
        @Nullable Long recoveryEpoch) {}
