package io.groupmembership.operator.certificate;

import io.groupmembership.certificates.KeyedCertificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The CA that signs, and those before it that must still be trusted.
 *
 * @param newest the only one whose key is kept
 * @param previous those that may have signed what a pod still serves; empty outside a rotation
 * @param trustedSince since when the webhook's configuration is known to trust the newest; empty until then
 */
record Authority(KeyedCertificate newest, List<X509Certificate> previous, Optional<Instant> trustedSince) {
    Authority {
        previous = List.copyOf(previous);
    }

    /** All that must be trusted now. */
    List<X509Certificate> bundle() {
        return Stream.concat(Stream.of(newest.certificate()), previous.stream()).toList();
    }
}
