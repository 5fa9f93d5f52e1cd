package io.groupmembership.operator.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate and the private key that belongs to it. */
public record KeyedCertificate(X509Certificate certificate, PrivateKey key) {
    @Override
    public String toString() {
        return "KeyedCertificate[" + certificate.getSubjectX500Principal() + ", until "
                + certificate.getNotAfter().toInstant() + "]";
    }
}
