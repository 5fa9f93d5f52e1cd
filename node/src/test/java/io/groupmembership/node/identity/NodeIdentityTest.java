package io.groupmembership.node.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.VolumeIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIdentityTest {
    private final ObjectMapper json = new ObjectMapper();
    private final String clusterId = UUID.randomUUID().toString();
    private final String peerId = "node-1." + UUID.randomUUID();

    @TempDir
    Path directory;

    @BeforeEach
    void writeClusterFile() throws IOException {
        ClusterFile.Node node = new ClusterFile.Node("node-1", peerId, "127.0.0.1", 1, 2, 3, 4, 5, 6);
        json.writeValue(clusterFile().toFile(), new ClusterFile(clusterId, "local", List.of(node)));
    }

    private Path clusterFile() {
        return directory.resolve("cluster.json");
    }

    private void writeVolume(VolumeIdentity identity) throws IOException {
        json.writeValue(directory.resolve(VolumeIdentity.FILE_NAME).toFile(), identity);
    }

    private NodeIdentity load() {
        return NodeIdentity.load("node-1", clusterFile(), directory);
    }

    @Test
    void aNodeKnowsItsAddressesFromTheClusterFile() throws IOException {
        writeVolume(new VolumeIdentity(1, clusterId, "node-1", peerId));
        assertThat(load().httpAddress(false)).isEqualTo("http://127.0.0.1:1");
        assertThat(load().httpAddress(true)).isEqualTo("https://127.0.0.1:1");
        assertThat(load().udpAddress()).isEqualTo("127.0.0.1:4");
        assertThat(load().clusterId()).hasToString(clusterId);
    }

    @Test
    void anEmptyVolumeIsRefused() {
        assertThatThrownBy(this::load)
                .isInstanceOf(IdentityException.class)
                .hasMessageContaining("has no identity.json")
                .hasMessageContaining("must not come back");
    }

    @Test
    void aVolumeOfAnotherClusterIsRefused() throws IOException {
        writeVolume(new VolumeIdentity(1, UUID.randomUUID().toString(), "node-1", peerId));
        assertThatThrownBy(this::load)
                .isInstanceOf(IdentityException.class)
                .hasMessageContaining("belongs to cluster")
                .hasMessageContaining(clusterId);
    }

    @Test
    void aVolumeOfAnotherPeerIsRefused() throws IOException {
        writeVolume(new VolumeIdentity(1, clusterId, "node-1", "node-1." + UUID.randomUUID()));
        assertThatThrownBy(this::load).isInstanceOf(IdentityException.class).hasMessageContaining("own data directory");
    }

    @Test
    void aVolumeOfALaterFormatIsRefused() throws IOException {
        writeVolume(new VolumeIdentity(2, clusterId, "node-1", peerId));
        assertThatThrownBy(this::load).isInstanceOf(IdentityException.class).hasMessageContaining("format 2");
    }

    @Test
    void aNodeThatTheClusterFileDoesNotHaveIsRefused() throws IOException {
        assertThatThrownBy(() -> NodeIdentity.load("node-9", clusterFile(), directory))
                .isInstanceOf(IdentityException.class)
                .hasMessageContaining("has no node node-9");
        Files.delete(clusterFile());
        assertThatThrownBy(this::load).isInstanceOf(IdentityException.class).hasMessageContaining("can't be read");
    }
}
