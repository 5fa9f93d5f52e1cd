package io.groupmembership.node.raft;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.api.RaftState;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.PeerId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** Between the names of this project and those of Ratis. A peer's id is its node's id, a dot, and a UUID. */
final class PeerNames {
    private PeerNames() {}

    static String nodeId(RaftPeerId peerId) {
        return PeerId.nodeId(peerId.toString());
    }

    static RaftPeer peer(ClusterFile.Node node) {
        return RaftPeer.newBuilder()
                .setId(node.peerId())
                .setAddress(new HostPort(node.host(), node.peerPort()).toString())
                .setClientAddress(new HostPort(node.host(), node.clientPort()).toString())
                .setAdminAddress(new HostPort(node.host(), node.raftAdminPort()).toString())
                .build();
    }

    static RaftPeer peer(RaftState.Peer peer) {
        return RaftPeer.newBuilder()
                .setId(peer.peerId())
                .setAddress(peer.address())
                .setClientAddress(peer.clientAddress())
                .setAdminAddress(peer.adminAddress())
                .build();
    }

    static RaftState.Peer peer(RaftPeer peer) {
        return new RaftState.Peer(
                peer.getId().toString(), peer.getAddress(), peer.getClientAddress(), peer.getAdminAddress());
    }
}
