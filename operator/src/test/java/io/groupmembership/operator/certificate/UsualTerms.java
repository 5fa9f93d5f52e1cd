package io.groupmembership.operator.certificate;

import java.time.Duration;

/** Terms with the times that an operator has where nothing is said of them. */
final class UsualTerms {
    static final CertificateTimes TIMES =
            new CertificateTimes(Duration.ofDays(90), Duration.ofMinutes(5), Duration.ofMinutes(10));

    private UsualTerms() {}

    static CertificateTerms of(CertificateTerms.Holder holder) {
        return CertificateTerms.of(holder, TIMES);
    }

    static CertificateTerms webhook(String namespace) {
        return of(CertificateTerms.webhook(namespace));
    }
}
