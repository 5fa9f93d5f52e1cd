package io.groupmembership.node.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.node.identity.IdentityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeTlsTest {
    @TempDir
    Path directory;

    @BeforeEach
    void certificates() {
        CertificateAuthority ca = TestCertificates.authority("one");
        TestCertificates.write(directory, TestCertificates.node(ca), ca);
    }

    @Test
    void withoutADirectoryThereIsNoTls() {
        assertThat(NodeTls.of(Optional.empty()).isOn()).isFalse();
    }

    @Test
    void withOneThereIs() {
        assertThat(NodeTls.of(Optional.of(directory)).isOn()).isTrue();
    }

    @Test
    void aFileThatIsNotThereIsNamedWithTheSetting() throws IOException {
        Files.delete(directory.resolve("ca.crt"));

        assertRefused("ca.crt: is not there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-r--r--"})
    void aKeyThatOthersReadIsRefused(String permissions) throws IOException {
        Files.setPosixFilePermissions(directory.resolve("tls.key"), PosixFilePermissions.fromString(permissions));

        assertRefused("others than its owner can read");
    }

    @Test
    void inAMountedSecretTheGroupMayRead() throws IOException {
        // given links, as the kubelet makes them
        Path data = Files.createDirectory(directory.resolve("..data"));
        for (String name : new String[] {"ca.crt", "tls.crt", "tls.key"}) {
            Files.move(directory.resolve(name), data.resolve(name));
            Files.setPosixFilePermissions(data.resolve(name), PosixFilePermissions.fromString("rw-r-----"));
            Files.createSymbolicLink(directory.resolve(name), data.resolve(name));
        }

        // when and then
        assertThat(NodeTls.of(Optional.of(directory)).isOn()).isTrue();
    }

    private void assertRefused(String words) {
        assertThatThrownBy(() -> NodeTls.of(Optional.of(directory)))
                .isInstanceOf(IdentityException.class)
                .hasMessageStartingWith("gm.tls-dir: ")
                .hasMessageContaining(words);
    }
}
