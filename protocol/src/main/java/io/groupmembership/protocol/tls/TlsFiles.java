package io.groupmembership.protocol.tls;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where one side of a connection has its certificates from, in PEM (RFC 7468).
 *
 * @param ca one CA or more that the other side's certificate may be signed by
 * @param certificate what this side shows, its own certificate first; without it this side is nobody
 * @param key the private key of that, in PKCS #8
 */
public record TlsFiles(Path ca, Optional<Path> certificate, Optional<Path> key) {
    /** @throws IllegalArgumentException where there is a certificate without a key, or a key without a certificate */
    public TlsFiles {
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException(
                    certificate.isPresent() ? "key: needed with a certificate" : "certificate: needed with a key");
        }
    }

    /** The three files of a Kubernetes Secret of type {@code kubernetes.io/tls}: ca.crt, tls.crt and tls.key. */
    public static TlsFiles in(Path directory) {
        return new TlsFiles(
                directory.resolve("ca.crt"),
                Optional.of(directory.resolve("tls.crt")),
                Optional.of(directory.resolve("tls.key")));
    }
}
