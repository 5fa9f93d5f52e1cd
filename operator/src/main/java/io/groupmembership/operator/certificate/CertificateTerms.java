package io.groupmembership.operator.certificate;

import io.groupmembership.certificates.CertificateAuthority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * For whom a certificate is, how long it is good, and how long a change takes to be known everywhere.
 *
 * <p>A certificate is renewed after two thirds of its life. A CA of a year is renewed after 243 days; what it signed last
 * is then good for 90 days at most, and so ends before it.
 *
 * @param holder whom it names
 * @param trustWait how long until everybody has read the bundle: API servers watch the webhook's configuration, and a
 *     kubelet refreshes what is mounted within about two minutes
 * @param serveWait how long until every pod serves what is in the Secret: the server reads the files each half minute
 */
public record CertificateTerms(
        Holder holder, Duration authorityLife, Duration servingLife, Duration trustWait, Duration serveWait) {
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
    public static CertificateTerms of(String namespace) {
        return of(new Holder(
                "groupmembership-webhook",
                "groupmembership.io",
                List.of("groupmembership-webhook." + namespace + ".svc"),
                false));
    }

    static CertificateTerms of(Holder holder) {
        return new CertificateTerms(
                holder, Duration.ofDays(365), Duration.ofDays(90), Duration.ofMinutes(5), Duration.ofMinutes(10));
    }

    Instant issuedAt(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant().plus(CertificateAuthority.BACKDATED);
    }

    /** Two thirds of the way from its issue to its end. */
    Instant renewalOf(X509Certificate certificate) {
        Instant issued = issuedAt(certificate);
        Duration life = Duration.between(issued, certificate.getNotAfter().toInstant());
        return issued.plus(life.multipliedBy(2).dividedBy(3));
    }
}
