package io.groupmembership.node.tls;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.certificates.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Certificates for tests, in directories as nodes read them. */
public final class TestCertificates {
    private static final Duration LIFE = Duration.ofDays(1);

    private TestCertificates() {}

    public static CertificateAuthority authority(String name) {
        return CertificateAuthority.create(name, LIFE, Instant.now());
    }

    public static KeyedCertificate node(CertificateAuthority by) {
        return by.issue(
                CertificateRequest.node("node-1", List.of("localhost"), List.of("127.0.0.1"), LIFE), Instant.now());
    }

    public static KeyedCertificate administrator(CertificateAuthority by) {
        return client(by, "ann", CertificateRequest.ADMINISTRATORS);
    }

    public static KeyedCertificate agent(CertificateAuthority by) {
        return client(by, "agent", "shop");
    }

    private static KeyedCertificate client(CertificateAuthority by, String name, String group) {
        return by.issue(CertificateRequest.client(name, List.of(group), LIFE), Instant.now());
    }

    /** Writes ca.crt, tls.crt and tls.key, over what was there. */
    public static Path write(Path directory, KeyedCertificate keyed, CertificateAuthority... bundle) {
        try {
            Files.createDirectories(directory);
            Path key = directory.resolve("tls.key");
            Files.writeString(
                    directory.resolve("ca.crt"),
                    Pem.certificates(Stream.of(bundle)
                            .map(CertificateAuthority::certificate)
                            .toList()));
            Files.writeString(directory.resolve("tls.crt"), keyed.certificatePem());
            Files.writeString(key, keyed.keyPem());
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
