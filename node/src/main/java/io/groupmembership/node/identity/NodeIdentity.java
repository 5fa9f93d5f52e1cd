package io.groupmembership.node.identity;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.NodePorts;
import io.groupmembership.protocol.cluster.VolumeIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who this node is: from the cluster file and its own volume, or from its volume alone where an operator forms the
 * cluster. A peer of the Raft group is a name and the volume
 * that it votes from: a volume that is empty, of another node or of another cluster is refused, because a peer that
 * forgot its votes can elect two leaders.
 *
 * @param dataDirectory where the log and the snapshots are
 * @param bind the address that this node listens at
 * @param cluster the peers that the Raft group begins with, as far as this node is concerned: none where it is admitted
 * @param self this node's addresses, as others are told them
 * @param volume empty where there is a cluster file
 * @param restored what the cluster begins from, where this node founds one that begins from a backup
 */
public record NodeIdentity(
        Path dataDirectory,
        String bind,
        ClusterFile cluster,
        ClusterFile.Node self,
        Optional<Volume> volume,
        Optional<VolumeIdentity.Restored> restored) {
    /** Without a volume that says who it is. */
    public static NodeIdentity ofClusterFile(Path dataDirectory, ClusterFile cluster, ClusterFile.Node self) {
        return ofClusterFile(dataDirectory, cluster, self, Optional.empty());
    }

    private static NodeIdentity ofClusterFile(
            Path dataDirectory,
            ClusterFile cluster,
            ClusterFile.Node self,
            Optional<VolumeIdentity.Restored> restored) {
        return new NodeIdentity(dataDirectory, self.host(), cluster, self, Optional.empty(), restored);
    }

    /**
     * From a volume that was formed.
     *
     * @param host what others reach this node by
     * @param basePort the first of its six ports
     * @throws IdentityException where it was not formed
     */
    public static NodeIdentity ofVolume(Path dataDirectory, Volume volume, String host, String bind, int basePort) {
        Formation formation = volume.formed()
                .orElseThrow(() -> new IdentityException("the volume " + dataDirectory + " is of no cluster yet"));
        ClusterFile.Node self = NodePorts.ofBase(basePort).of(volume.nodeId(), volume.peerId(), host);
        ClusterFile cluster = new ClusterFile(
                formation.clusterId(), formation.clusterName(), formation.founder() ? List.of(self) : List.of());
        return new NodeIdentity(dataDirectory, bind, cluster, self, Optional.of(volume), Optional.empty());
    }

    /**
     * Reads both and compares them.
     *
     * @throws IdentityException with a line that says what to do
     */
    public static NodeIdentity load(String nodeId, Path clusterFile, Path dataDirectory) {
        ClusterFile cluster = read(clusterFile, ClusterFile.class, "cluster file");
        ClusterFile.Node self = cluster.node(nodeId)
                .orElseThrow(() -> new IdentityException("the cluster file " + clusterFile + " has no node " + nodeId));
        Path identityFile = dataDirectory.resolve(VolumeIdentity.FILE_NAME);
        if (!Files.exists(identityFile)) {
            throw new IdentityException("the data directory " + dataDirectory + " has no " + VolumeIdentity.FILE_NAME
                    + ": it is empty or not a node's. A node that lost its volume must not come back as the peer it"
                    + " was; restore the directory, or let a new peer take its place: gm nodes replace " + nodeId);
        }
        VolumeIdentity volume = read(identityFile, VolumeIdentity.class, "volume identity");
        if (volume.format() != VolumeIdentity.FORMAT) {
            throw new IdentityException("the data directory " + dataDirectory + " has format " + volume.format()
                    + ", and this node reads format " + VolumeIdentity.FORMAT);
        }
        if (!volume.clusterId().equals(cluster.clusterId())) {
            throw new IdentityException("the data directory " + dataDirectory + " belongs to cluster "
                    + volume.clusterId() + ", and the cluster file " + clusterFile + " says " + cluster.clusterId()
                    + ": point the node at its own data directory");
        }
        if (!volume.nodeId().equals(nodeId) || !volume.peerId().equals(self.peerId())) {
            throw new IdentityException("the data directory " + dataDirectory + " is that of " + volume.peerId()
                    + ", and this node is " + self.peerId() + ": point the node at its own data directory");
        }
        return ofClusterFile(dataDirectory, cluster, self, Optional.ofNullable(volume.restored()));
    }

    public UUID clusterId() {
        return UUID.fromString(cluster.clusterId());
    }

    /** The id of the Raft group. */
    public UUID groupId() {
        return Formation.groupId(clusterId(), recoveryEpoch());
    }

    /** What this volume was told when it became the only survivor; empty where it never did, or not last. */
    public Optional<Recovery> ownRecovery() {
        return volume.flatMap(Volume::lastRecovery).filter(recovery -> recovery.recoveryEpoch() == recoveryEpoch());
    }

    /** How many times the cluster was recovered by force. */
    public long recoveryEpoch() {
        return volume.flatMap(Volume::formed).map(Formation::recoveryEpoch).orElse(0L);
    }

    /** How many peers the configuration must once have had before clients are served. */
    public int minimumPeers() {
        return volume.flatMap(Volume::formed).map(Formation::minimumPeers).orElse(1);
    }

    /**
     * The base URL of this node's HTTP API.
     *
     * @param tls whether it is served over TLS
     */
    public String httpAddress(boolean tls) {
        return (tls ? "https://" : "http://") + new HostPort(self.host(), self.httpPort());
    }

    public String udpAddress() {
        return new HostPort(self.host(), self.udpPort()).toString();
    }

    private static <T> T read(Path file, Class<T> type, String what) {
        try {
            return new ObjectMapper().readValue(file.toFile(), type);
        } catch (IOException e) {
            throw new IdentityException("the " + what + " " + file + " can't be read: " + e.getMessage());
        }
    }
}
