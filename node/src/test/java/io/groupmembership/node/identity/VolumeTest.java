package io.groupmembership.node.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeTest {
    private static final Formation FORMATION =
            new Formation("c0ffee00-0000-4000-8000-000000000000", "demo", 0, true, 3);

    @TempDir
    Path directory;

    @Test
    void anEmptyVolumeGetsAPeerIdThatStays() {
        Volume drawn = Volume.open(directory, "demo-0");
        assertThat(drawn.peerId()).startsWith("demo-0.");
        assertThat(drawn.formed()).isEmpty();
        assertThat(Volume.open(directory, "demo-0")).isEqualTo(drawn);
    }

    @Test
    void aVolumeThatWasEmptiedIsAnotherPeer() throws IOException {
        String first = Volume.open(directory, "demo-0").peerId();
        Files.delete(directory.resolve(Volume.FILE_NAME));
        assertThat(Volume.open(directory, "demo-0").peerId()).isNotEqualTo(first);
    }

    @Test
    void whatItWasFormedAsOutlivesTheProcess() throws IOException {
        Volume formed = Volume.open(directory, "demo-0").form(FORMATION, directory);
        assertThat(Volume.open(directory, "demo-0")).isEqualTo(formed);
        assertThat(formed.formed()).contains(FORMATION);
    }

    @Test
    void whatAFileSystemLeavesIsNoData() throws IOException {
        Files.createDirectory(directory.resolve("lost+found"));
        Files.writeString(directory.resolve("volume.json.new"), "{");
        assertThat(Volume.open(directory, "demo-0").formed()).isEmpty();
    }

    @Test
    void aVolumeWithDataButWithoutItsFileIsRefused() throws IOException {
        Files.createDirectory(directory.resolve("raft"));
        assertThatThrownBy(() -> Volume.open(directory, "demo-0"))
                .isInstanceOf(IdentityException.class)
                .hasMessageContaining("has raft but no volume.json");
    }

    @Test
    void aVolumeOfAnotherNodeIsRefused() {
        Volume.open(directory, "demo-0");
        assertThatThrownBy(() -> Volume.open(directory, "demo-1"))
                .isInstanceOf(IdentityException.class)
                .hasMessageContaining("is that of demo-0");
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        Files.writeString(directory.resolve(Volume.FILE_NAME), "{\"format\":1");
        assertThatThrownBy(() -> Volume.open(directory, "demo-0"))
                .isInstanceOf(IdentityException.class)
                .hasMessageContaining("can't be read");
    }
}
