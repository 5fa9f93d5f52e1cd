package io.groupmembership.operator.certificate;

import io.groupmembership.certificates.KeyedCertificate;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * The certificate that the webhook's pods serve, and the bundle that lies beside it.
 *
 * @param bundle those who verify it may trust these
 */
record Serving(KeyedCertificate certificate, List<X509Certificate> bundle) {
    private static final int DNS_NAME = 2;

    Serving {
        bundle = List.copyOf(bundle);
    }

    boolean issuedBy(X509Certificate authority) {
        try {
            certificate.certificate().verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Says whether somebody who trusts one of these accepts it now, and as all that its holder is called. */
    boolean accepted(List<X509Certificate> trusted, CertificateTerms.Holder holder, Instant now) {
        X509Certificate leaf = certificate.certificate();
        return !now.isBefore(leaf.getNotBefore().toInstant())
                && now.isBefore(leaf.getNotAfter().toInstant())
                && names(leaf, holder)
                && trusted.stream().anyMatch(authority -> isValid(authority, now) && issuedBy(authority));
    }

    private static boolean isValid(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && now.isBefore(certificate.getNotAfter().toInstant());
    }

    private static boolean names(X509Certificate certificate, CertificateTerms.Holder holder) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return holder.dnsNames().stream()
                    .allMatch(name -> names != null && names.contains(List.of(DNS_NAME, name)));
        } catch (CertificateParsingException e) {
            return false;
        }
    }
}
