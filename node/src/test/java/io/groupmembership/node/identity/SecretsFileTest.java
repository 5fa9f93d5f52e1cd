package io.groupmembership.node.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsFileTest {
    private static final UUID CLUSTER = UUID.fromString("c0ffee00-0000-4000-8000-000000000000");
    private static final String SECRET = "A".repeat(43) + "=";

    @TempDir
    Path directory;

    private ClusterSecrets read() {
        return SecretsFile.read(Optional.of(directory.resolve("heartbeat")), CLUSTER);
    }

    /** What a kubelet does: a new directory, and a link to it that is replaced in one step. */
    private void mounted(String version, String text) throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve(version)).resolve("heartbeat"), text);
        Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(version));
        Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aSecretThatIsMountedIsReadAsItIsNow() throws IOException {
        mounted("..2026_01_01", "7 " + SECRET + "\n");
        Files.createSymbolicLink(directory.resolve("heartbeat"), Path.of("..data", "heartbeat"));
        assertThat(read().inUse().keyId()).isEqualTo(7);

        mounted("..2026_01_02", "7 " + SECRET + "\n8 " + SECRET + "\n");
        assertThat(read().inUse().keyId()).isEqualTo(8);
        assertThat(read().find(7)).isPresent();
    }

    @Test
    void withoutAFileTheKeyIdIsOne() {
        assertThat(SecretsFile.read(Optional.empty(), CLUSTER).inUse().keyId()).isEqualTo(1);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(this::read)
                .isInstanceOf(IdentityException.class)
                .hasMessageStartingWith("gm.secrets-file ")
                .hasMessageContaining("heartbeat");
    }
}
