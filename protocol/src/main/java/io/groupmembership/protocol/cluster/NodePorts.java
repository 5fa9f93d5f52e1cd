package io.groupmembership.protocol.cluster;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.api.RaftState;

/**
 * The six ports of one node.
 *
 * @param http the HTTP API for clients
 * @param peer Raft between nodes
 * @param client requests that nodes forward to the leader
 * @param udp heartbeats
 * @param admin the HTTP API for operators
 * @param raftAdmin changes of the Raft configuration
 */
public record NodePorts(int http, int peer, int client, int udp, int admin, int raftAdmin) {
    /** The base that people see: in a pod the HTTP API is at 7700, and that of the first of several nodes at 7701. */
    public static final int DEFAULT_BASE = 7700;

    /** The smallest and the largest base: below it ports are privileged, above it they run out. */
    public static final int MIN_BASE = 1024;

    public static final int MAX_BASE = 65_400;

    private static final int APART = 10;

    /** The first is the base, and each further one is 10 above the one before it. */
    public static NodePorts ofBase(int base) {
        return new NodePorts(
                base, base + APART, base + 2 * APART, base + 3 * APART, base + 4 * APART, base + 5 * APART);
    }

    /**
     * Where a peer's API for operators is: that port is 10 below the one for changes inside Ratis.
     *
     * @throws IllegalArgumentException where the peer's addresses are not host:port
     */
    public static HostPort adminApi(RaftState.Peer peer) {
        HostPort inRatis = HostPort.parse(peer.adminAddress());
        return new HostPort(inRatis.host(), inRatis.port() - APART);
    }

    /** The peer that a node with these ports is. */
    public RaftState.Peer peer(String peerId, String host) {
        return new RaftState.Peer(
                peerId,
                new HostPort(host, peer).toString(),
                new HostPort(host, client).toString(),
                new HostPort(host, raftAdmin).toString());
    }

    /** A node with these ports. */
    public ClusterFile.Node of(String nodeId, String peerId, String host) {
        return new ClusterFile.Node(nodeId, peerId, host, http, peer, client, udp, admin, raftAdmin);
    }
}
