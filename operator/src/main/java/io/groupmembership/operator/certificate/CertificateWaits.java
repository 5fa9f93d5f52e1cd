package io.groupmembership.operator.certificate;

import java.time.Duration;

/**
 * How long a change of certificates takes to be known everywhere. Shorter than it takes, and somebody meets a certificate
 * that he can't verify.
 *
 * @param trust until everybody has read a bundle of CAs: API servers watch the webhook's configuration, and a kubelet
 *     refreshes what is mounted within about two minutes
 * @param serve until every pod serves what is in the Secret: servers read the files each half minute
 */
public record CertificateWaits(Duration trust, Duration serve) {
    /** @throws IllegalArgumentException where one is no time at all; the message names the setting */
    public CertificateWaits {
        positive("gm.certificate-trust-wait", trust);
        positive("gm.certificate-serve-wait", serve);
    }

    private static void positive(String setting, Duration wait) {
        if (!wait.isPositive()) {
            throw new IllegalArgumentException(setting + ": must be longer than 0, is " + wait);
        }
    }
}
