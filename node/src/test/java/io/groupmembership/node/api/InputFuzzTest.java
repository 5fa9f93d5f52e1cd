package io.groupmembership.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.groupmembership.certificates.Pem;
import io.groupmembership.node.access.PolicyException;
import io.groupmembership.node.access.PolicyReader;
import io.groupmembership.protocol.api.JoinRequest;
import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/** What people and programs hand to a node as text is read, or refused with the one exception that says so. */
class InputFuzzTest {
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @FuzzTest
    void aBodyIsReadOrRefused(byte[] bytes) {
        try {
            JoinRequest join = StrictJson.read(bytes, JoinRequest.class);
            assertThat(StrictJson.read(StrictJson.write(join), JoinRequest.class))
                    .isEqualTo(join);
        } catch (ProblemException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @FuzzTest
    void aPolicyIsReadOrRefused(byte[] bytes) {
        try {
            PolicyReader.read(text(bytes));
        } catch (PolicyException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @FuzzTest
    void certificatesAreReadOrRefused(byte[] bytes) {
        try {
            assertThat(Pem.readCertificates(text(bytes))).isNotEmpty();
        } catch (GeneralSecurityException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    /** And a refusal shows nothing of what was in the file. */
    @FuzzTest
    void secretsAreReadOrRefused(byte[] bytes) {
        try {
            ClusterSecrets.parse(text(bytes));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(200);
        }
    }
}
