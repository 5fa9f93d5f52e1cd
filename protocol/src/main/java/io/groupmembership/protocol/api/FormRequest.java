package io.groupmembership.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * Tells a node with an empty volume which cluster it is of. It is written to the volume and counts for good.
 *
 * @param peerId the peer that is meant, as the node itself said: a volume that was lost in between is another peer
 * @param clusterId a UUID, drawn once for the cluster
 * @param recoveryEpoch how many times the cluster was recovered by force
 * @param founder whether this node is the first of the cluster; exactly one is
 * @param minimumPeers how many peers the configuration must once have had before clients are served
 */
public record FormRequest(
        @Nullable String peerId,
        @Nullable String clusterId,
        @Nullable String clusterName,
        @Nullable Long recoveryEpoch,
        @Nullable Boolean founder,
        @Nullable Integer minimumPeers) {}
