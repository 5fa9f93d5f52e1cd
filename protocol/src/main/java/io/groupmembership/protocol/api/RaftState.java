package io.groupmembership.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Raft group as one node sees it. Indexes are log indexes, -1 where there is none.
 *
 * @param clusterId empty where the node's volume is of no cluster yet; then the role is {@code unformed}
 * @param lastLogTerm of the newest entry of the log, whether or not it is agreed on; of two survivors the one with the
 *     larger term, then the larger index, has all that the other has
 * @param silentPeers from the leader only: the peerIds that it has not heard of for a second or more, and all of them
 *     while it has led for less than two
 * @param clusterName null where the volume is of no cluster yet
 * @param self the node as a peer, with the addresses that it tells others; null from a node of an older version
 * @param recoveryEpoch how many times the cluster was recovered by force, as the node's volume says
 */
public record RaftState(
        String clusterId,
        long recoveryEpoch,
        String nodeId,
        String peerId,
        String role,
        long term,
        @Nullable String leader,
        long commitIndex,
        long appliedIndex,
        long snapshotIndex,
        long lastLogTerm,
        long lastLogIndex,
        List<Peer> peers,
        List<Peer> oldPeers,
        List<String> silentPeers,
        @Nullable String clusterName,
        @Nullable Peer self) {
    public RaftState {
        // a node of an older version does not tell
        silentPeers = silentPeers == null ? List.of() : silentPeers;
    }

    /** Of a node that has no Raft server yet. */
    public static RaftState withoutServer(
            String clusterId, @Nullable String clusterName, long recoveryEpoch, String nodeId, Peer self, String role) {
        return new RaftState(
                clusterId,
                recoveryEpoch,
                nodeId,
                self.peerId(),
                role,
                0,
                null,
                -1,
                -1,
                -1,
                -1,
                -1,
                List.of(),
                List.of(),
                List.of(),
                clusterName,
                self);
    }

    /**
     * A server of the group. The peerId is the nodeId, a dot, and the UUID of the volume.
     *
     * @param address where other peers reach it, host:port
     * @param clientAddress where nodes forward requests to, host:port
     * @param adminAddress where changes of the configuration are sent to, host:port
     */
    public record Peer(String peerId, String address, String clientAddress, String adminAddress) {}
}
