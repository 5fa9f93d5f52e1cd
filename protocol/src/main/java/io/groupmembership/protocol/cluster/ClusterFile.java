package io.groupmembership.protocol.cluster;

import java.util.List;
import java.util.Optional;

/**
 * The nodes that found a cluster, as JSON in one file that all of them read. It counts until the Raft log has a
 * configuration; from then on the log says who is in.
 *
 * @param clusterId a random UUID, the Raft group id
 * @param name the cluster's name
 */
public record ClusterFile(String clusterId, String name, List<Node> nodes) {
    /**
     * A founding node.
     *
     * @param peerId the nodeId, a dot, and the UUID on the node's volume
     * @param host where the node listens, and what it tells others
     * @param httpPort the HTTP API for clients
     * @param peerPort Raft between nodes
     * @param clientPort requests that nodes forward to the leader
     * @param udpPort heartbeats
     * @param adminPort the HTTP API for operators
     * @param raftAdminPort changes of the Raft configuration
     */
    public record Node(
            String nodeId,
            String peerId,
            String host,
            int httpPort,
            int peerPort,
            int clientPort,
            int udpPort,
            int adminPort,
            int raftAdminPort) {}

    public Optional<Node> node(String nodeId) {
        return nodes.stream().filter(node -> node.nodeId().equals(nodeId)).findFirst();
    }
}
