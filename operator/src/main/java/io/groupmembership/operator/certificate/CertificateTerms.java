package io.groupmembership.operator.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * For whom a certificate is, how long it is good, and how long a change takes to be known everywhere.
 *
 * <p>A certificate is renewed after two thirds of its life. A CA of a year is renewed after 243 days; what it signed last
 * is then good for 90 days at most, and so ends before it.
 *
 * @param dnsName the Service's name, as the API server asks for it
 * @param backdated how far notBefore lies in the past, for clocks that are behind
 * @param trustWait how long until every API server has read the bundle of the webhook's configuration, which they watch
 * @param serveWait how long until every pod serves what is in the Secret: a kubelet refreshes a mounted Secret within
 *     about two minutes, and the server reads the files each half minute
 */
public record CertificateTerms(
        String dnsName,
        Duration authorityLife,
        Duration servingLife,
        Duration backdated,
        Duration trustWait,
        Duration serveWait) {
    public static CertificateTerms of(String namespace) {
        return new CertificateTerms(
                "groupmembership-webhook." + namespace + ".svc",
                Duration.ofDays(365),
                Duration.ofDays(90),
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                Duration.ofMinutes(10));
    }

    Instant issuedAt(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant().plus(backdated);
    }

    /** Two thirds of the way from its issue to its end. */
    Instant renewalOf(X509Certificate certificate) {
        Instant issued = issuedAt(certificate);
        Duration life = Duration.between(issued, certificate.getNotAfter().toInstant());
        return issued.plus(life.multipliedBy(2).dividedBy(3));
    }
}
