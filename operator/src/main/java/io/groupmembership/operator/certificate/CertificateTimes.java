package io.groupmembership.operator.certificate;

import java.time.Duration;

/**
 * How long a certificate is good, and how long a change takes to be known everywhere. Shorter than that takes, and
 * somebody meets a certificate that he can't verify.
 *
 * @param life of a certificate; longer than three times {@code serve}, as it is renewed after a third and an older CA goes
 *     when what the newer one signed has been served for that long
 * @param trust until everybody has read a bundle of CAs: API servers watch the webhook's configuration, and a kubelet
 *     refreshes what is mounted within about two minutes
 * @param serve until every pod serves what is in the Secret: servers read the files each half minute
 */
public record CertificateTimes(Duration life, Duration trust, Duration serve) {
    /** What a CA has left when the next one is made: {@link CertificateTerms#AUTHORITY_LIFE}. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(240);

    /** @throws IllegalArgumentException where they do not fit together; the message names the setting */
    public CertificateTimes {
        positive("gm.certificate-trust-wait", trust);
        positive("gm.certificate-serve-wait", serve);
        if (life.compareTo(serve.multipliedBy(3)) <= 0 || life.compareTo(LONGEST_LIFE) > 0) {
            throw new IllegalArgumentException("gm.certificate-life: must be longer than three times"
                    + " gm.certificate-serve-wait (" + serve + ") and at most " + LONGEST_LIFE.toDays() + " days, is "
                    + life);
        }
    }

    private static void positive(String setting, Duration wait) {
        if (!wait.isPositive()) {
            throw new IllegalArgumentException(setting + ": must be longer than 0, is " + wait);
        }
    }
}
