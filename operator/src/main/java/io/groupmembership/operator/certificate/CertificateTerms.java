package io.groupmembership.operator.certificate;

import io.groupmembership.certificates.CertificateAuthority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * For whom a certificate is, how long it is good, and how long a change takes to be known everywhere.
 *
 * <p>A certificate is renewed after a third of its life: the operator may be away for longer than half of it, whenever
 * that begins. A CA of a year is renewed after 121 days; what it signed last is then good for 240 days at most, and so
 * ends before it.
 *
 * @param holder whom it names
 */
record CertificateTerms(Holder holder, Duration authorityLife, CertificateTimes times) {
    static final Duration AUTHORITY_LIFE = Duration.ofDays(365);

    /**
     * Whom a certificate names.
     *
     * @param name its common name, and with {@code -ca-} and some digits that of its CA; at most 52 characters
     * @param organization a group that he is in, as Kubernetes reads certificates
     * @param dnsNames under which he is called; none of a mere client
     * @param client whether he also calls others with it
     */
    record Holder(String name, String organization, List<String> dnsNames, boolean client) {
        Holder {
            dnsNames = List.copyOf(dnsNames);
        }
    }

    /** @param namespace of the webhook */
    static Holder webhook(String namespace) {
        return new Holder(
                "groupmembership-webhook",
                "groupmembership.io",
                List.of("groupmembership-webhook." + namespace + ".svc"),
                false);
    }

    static CertificateTerms of(Holder holder, CertificateTimes times) {
        return new CertificateTerms(holder, AUTHORITY_LIFE, times);
    }

    Instant issuedAt(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant().plus(CertificateAuthority.BACKDATED);
    }

    /** A third of the way from its issue to its end. */
    Instant renewalOf(X509Certificate certificate) {
        Instant issued = issuedAt(certificate);
        Duration life = Duration.between(issued, certificate.getNotAfter().toInstant());
        return issued.plus(life.dividedBy(3));
    }
}
