package io.groupmembership.node.tls;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.node.api.InMemoryNode;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A node whose log is in memory, as {@link InMemoryNode} is, and whose ports speak TLS. */
public final class TlsNode implements QuarkusTestProfile {
    static final Path FILES = Path.of("target", "tls-node").toAbsolutePath();
    private static final Path AUTHORITY_CERTIFICATE = FILES.resolve("first-ca.crt");
    private static final Path AUTHORITY_KEY = FILES.resolve("first-ca.key");

    private final InMemoryNode inMemory = new InMemoryNode();

    @Override
    public Map<String, String> getConfigOverrides() {
        CertificateAuthority authority = TestCertificates.authority("one");
        TestCertificates.write(FILES, TestCertificates.node(authority), authority);
        try {
            Files.writeString(AUTHORITY_CERTIFICATE, authority.keyed().certificatePem());
            Files.writeString(AUTHORITY_KEY, authority.keyed().keyPem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new HashMap<>(inMemory.getConfigOverrides());
        settings.put("gm.tls-dir", FILES.toString());
        return settings;
    }

    /** The CA that the node began with: another class loader than the test's made it. */
    static CertificateAuthority authority() throws IOException, GeneralSecurityException {
        return new CertificateAuthority(
                KeyedCertificate.read(Files.readString(AUTHORITY_CERTIFICATE), Files.readString(AUTHORITY_KEY)));
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return inMemory.getEnabledAlternatives();
    }
}
