package io.groupmembership.node.identity;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.VolumeIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Who this node is, from the cluster file and from its own volume. A peer of the Raft group is a name and the volume
 * that it votes from: a volume that is empty, of another node or of another cluster is refused, because a peer that
 * forgot its votes can elect two leaders.
 *
 * @param dataDirectory where the log and the snapshots are
 * @param self this node's entry in the cluster file
 */
public record NodeIdentity(Path dataDirectory, ClusterFile cluster, ClusterFile.Node self) {
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
                    + " was; restore the directory, or make the cluster anew elsewhere");
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
        return new NodeIdentity(dataDirectory, cluster, self);
    }

    public UUID clusterId() {
        return UUID.fromString(cluster.clusterId());
    }

    /** The base URL of this node's HTTP API. */
    public String httpAddress() {
        return "http://" + bracketed(self.host()) + ":" + self.httpPort();
    }

    public String udpAddress() {
        return bracketed(self.host()) + ":" + self.udpPort();
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static <T> T read(Path file, Class<T> type, String what) {
        try {
            return new ObjectMapper().readValue(file.toFile(), type);
        } catch (IOException e) {
            throw new IdentityException("the " + what + " " + file + " can't be read: " + e.getMessage());
        }
    }
}
