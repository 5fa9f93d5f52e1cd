package io.groupmembership.operator.certificate;

import java.time.Duration;

/** Terms with the waits that an operator has where nothing is said of them. */
final class UsualTerms {
    static final CertificateWaits WAITS = new CertificateWaits(Duration.ofMinutes(5), Duration.ofMinutes(10));

    private UsualTerms() {}

    static CertificateTerms of(CertificateTerms.Holder holder) {
        return CertificateTerms.of(holder, WAITS);
    }

    static CertificateTerms webhook(String namespace) {
        return of(CertificateTerms.webhook(namespace));
    }
}
