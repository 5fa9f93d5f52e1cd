package io.groupmembership.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CertificateTimesTest {
    private static final Duration TRUST = Duration.ofMinutes(5);
    private static final Duration SERVE = Duration.ofMinutes(10);

    @Test
    void aLifeIsLongEnoughForAnOldCaToGoAndShortEnoughForItsCa() {
        assertThat(new CertificateTimes(Duration.ofMinutes(31), TRUST, SERVE).life())
                .isEqualTo(Duration.ofMinutes(31));
        assertThat(CertificateTerms.AUTHORITY_LIFE.multipliedBy(2).dividedBy(3)).isGreaterThan(Duration.ofDays(240));

        refused("gm.certificate-life: must be longer than", Duration.ofMinutes(30), TRUST, SERVE);
        refused("at most 240 days", Duration.ofDays(241), TRUST, SERVE);
        refused("gm.certificate-trust-wait: must be longer than 0", Duration.ofDays(90), Duration.ZERO, SERVE);
        refused("gm.certificate-serve-wait: must be longer than 0", Duration.ofDays(90), TRUST, Duration.ZERO);
    }

    private static void refused(String message, Duration life, Duration trust, Duration serve) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CertificateTimes(life, trust, serve))
                .withMessageContaining(message);
    }
}
