package io.groupmembership.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.certificates.KeyedCertificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CertificateStepTest {
    private static final CertificateTerms TERMS = UsualTerms.webhook("groupmembership-system");
    private static final CertificateIssuer ISSUER = new CertificateIssuer(TERMS);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant AUTHORITY_DUE =
            START.plus(TERMS.authorityLife().dividedBy(3));
    private static final Instant SERVING_DUE = START.plus(Duration.ofDays(30));
    private static final KeyedCertificate OLD = ISSUER.authority(START);
    private static final KeyedCertificate NEW = ISSUER.authority(AUTHORITY_DUE);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    // ------------------------------------------------------------------ from nothing

    @Test
    void thereIsACaBeforeAnythingElse() {
        assertThat(next(noTrust(), noServing(), new Stored.Absent<>(), START))
                .isEqualTo(new CertificateStep.IssueAuthority(List.of()));
    }

    @Test
    void aConfigurationWithoutABundleGetsOneBeforeAnythingIsServed() {
        assertThat(next(new Stored.Unreadable<>("no bundle"), noServing(), authority(OLD, START), START))
                .isEqualTo(new CertificateStep.PublishTrust(List.of(OLD.certificate())));
    }

    @Test
    void whereNothingIsServedACertificateIsIssuedWithoutWaiting() {
        assertThat(next(trust(OLD), noServing(), authority(OLD), START)).isEqualTo(new CertificateStep.IssueServing());
        assertThat(next(noTrust(), noServing(), authority(OLD), START)).isEqualTo(new CertificateStep.IssueServing());
    }

    @Test
    void onceTheCaIsTrustedTheTimeIsNoted() {
        assertThat(next(trust(OLD), serving(OLD, START, OLD), authority(OLD), START.plus(MINUTE)))
                .isEqualTo(new CertificateStep.NoteTrusted(START.plus(MINUTE)));
    }

    @Test
    void thenThereIsNothingToDoUntilTheCertificateIsDue() {
        assertThat(next(trust(OLD), serving(OLD, START, OLD), authority(OLD, START), START.plus(MINUTE)))
                .isEqualTo(new CertificateStep.Wait(SERVING_DUE));
    }

    @Test
    void withoutAConfigurationThereIsNobodyToTrustAndNothingToNote() {
        assertThat(next(noTrust(), serving(OLD, START, OLD), authority(OLD), START.plus(MINUTE)))
                .isEqualTo(new CertificateStep.Wait(SERVING_DUE));
    }

    // ------------------------------------------------------------------ the certificate

    @Test
    void aCertificateIsRenewedAfterTwoThirdsOfItsLife() {
        assertThat(next(trust(OLD), serving(OLD, START, OLD), authority(OLD, START), SERVING_DUE.minus(MINUTE)))
                .isEqualTo(new CertificateStep.Wait(SERVING_DUE));
        assertThat(next(trust(OLD), serving(OLD, START, OLD), authority(OLD, START), SERVING_DUE))
                .isEqualTo(new CertificateStep.IssueServing());
    }

    @Test
    void whatNobodyWouldAcceptIsReplacedAtOnce() {
        CertificateTerms elsewhere = UsualTerms.webhook("elsewhere");
        Serving wrongName =
                new Serving(new CertificateIssuer(elsewhere).serving(OLD, START), List.of(OLD.certificate()));
        Stored<Serving> wrongSigner = serving(ISSUER.authority(START), START, OLD);
        Stored<Serving> unreadable = new Stored.Unreadable<>("no private key");
        Stored<Serving> ended = serving(OLD, START.minus(TERMS.times().life()), OLD);

        for (Stored<Serving> bad : List.of(new Stored.Present<>(wrongName), wrongSigner, unreadable, ended)) {
            assertThat(next(trust(OLD), bad, authority(OLD), START)).isEqualTo(new CertificateStep.IssueServing());
        }
    }

    @Test
    void theBundleBesideTheCertificateFollows() {
        assertThat(next(trust(OLD), serving(OLD, START), authority(OLD, START), START.plus(MINUTE)))
                .isEqualTo(new CertificateStep.WriteServingBundle(List.of(OLD.certificate())));
    }

    // ------------------------------------------------------------------ a rotation of the CA, step by step

    private final Instant certificateOfOld = AUTHORITY_DUE.minus(Duration.ofDays(10));

    @Test
    void aCaIsRenewedAfterTwoThirdsOfItsLifeAndTheOldOneStaysTrusted() {
        assertThat(next(trust(OLD), serving(OLD, certificateOfOld, OLD), authority(OLD, START), AUTHORITY_DUE))
                .isEqualTo(new CertificateStep.IssueAuthority(List.of(OLD.certificate())));
    }

    @Test
    void thenBothArePublished() {
        assertThat(next(trust(OLD), serving(OLD, certificateOfOld, OLD), rotating(null), AUTHORITY_DUE))
                .isEqualTo(new CertificateStep.PublishTrust(List.of(NEW.certificate(), OLD.certificate())));
    }

    @Test
    void theCertificateIsSwappedOnlyWhenEveryApiServerHasReadTheBundle() {
        Instant trusted = AUTHORITY_DUE.plus(MINUTE);
        Instant swap = trusted.plus(TERMS.times().trust());
        Stored<Serving> serving = serving(OLD, certificateOfOld, OLD, NEW);

        assertThat(next(trust(OLD, NEW), serving, rotating(null), trusted))
                .isEqualTo(new CertificateStep.NoteTrusted(trusted));
        assertThat(next(trust(OLD, NEW), serving, rotating(trusted), swap.minusSeconds(1)))
                .isEqualTo(new CertificateStep.Wait(swap));
        assertThat(next(trust(OLD, NEW), serving, rotating(trusted), swap))
                .isEqualTo(new CertificateStep.IssueServing());
    }

    @Test
    void theOldCaIsDroppedOnlyWhenEveryPodServesTheNewCertificate() {
        Instant swapped = AUTHORITY_DUE.plus(TERMS.times().trust());
        Instant drop = swapped.plus(TERMS.times().serve());
        Stored<Serving> serving = serving(NEW, swapped, OLD, NEW);

        assertThat(next(trust(OLD, NEW), serving, rotating(AUTHORITY_DUE), drop.minusSeconds(1)))
                .isEqualTo(new CertificateStep.Wait(drop));
        assertThat(next(trust(OLD, NEW), serving, rotating(AUTHORITY_DUE), drop))
                .isEqualTo(new CertificateStep.DropPrevious());
        assertThat(next(trust(OLD, NEW), serving, authority(NEW, AUTHORITY_DUE), drop))
                .isEqualTo(new CertificateStep.PublishTrust(List.of(NEW.certificate())));
        assertThat(next(trust(NEW), serving, authority(NEW, AUTHORITY_DUE), drop))
                .isEqualTo(new CertificateStep.WriteServingBundle(List.of(NEW.certificate())));
    }

    @Test
    void whileNobodyTrustsTheNewCaTheCertificateStaysWithTheOldOne() {
        assertThat(next(
                        noTrust(),
                        serving(OLD, certificateOfOld, OLD, NEW),
                        rotating(null),
                        AUTHORITY_DUE.plus(MINUTE)))
                .isEqualTo(new CertificateStep.Wait(TERMS.renewalOf(NEW.certificate())));
    }

    // ------------------------------------------------------------------ what people do

    @Test
    void aLostCaIsMadeAnewAndWhatItSignedStaysTrusted() {
        KeyedCertificate stranger = ISSUER.authority(START);
        List<Stored<Authority>> lost = List.of(new Stored.Absent<>(), new Stored.Unreadable<>("no certificate"));
        for (Stored<Authority> authority : lost) {
            assertThat(next(trust(OLD, stranger), serving(OLD, START, OLD), authority, START.plus(MINUTE)))
                    .isEqualTo(new CertificateStep.IssueAuthority(List.of(OLD.certificate())));
        }
    }

    @Test
    void aBundleThatSomebodyTookOutIsPutBack() {
        assertThat(next(new Stored.Unreadable<>("none"), serving(OLD, START, OLD), authority(OLD, START), START))
                .isEqualTo(new CertificateStep.PublishTrust(List.of(OLD.certificate())));
    }

    // ------------------------------------------------------------------ how the states are written down

    private static CertificateStep next(
            Stored<List<X509Certificate>> trust, Stored<Serving> serving, Stored<Authority> authority, Instant now) {
        return CertificateStep.next(new CertificateState(trust, serving, authority), now, TERMS);
    }

    private static Stored<List<X509Certificate>> noTrust() {
        return new Stored.Absent<>();
    }

    private static Stored<List<X509Certificate>> trust(KeyedCertificate... authorities) {
        return new Stored.Present<>(certificates(authorities));
    }

    private static Stored<Serving> noServing() {
        return new Stored.Absent<>();
    }

    private static Stored<Serving> serving(KeyedCertificate signer, Instant issued, KeyedCertificate... bundle) {
        return new Stored.Present<>(new Serving(ISSUER.serving(signer, issued), certificates(bundle)));
    }

    private static Stored<Authority> authority(KeyedCertificate newest) {
        return new Stored.Present<>(new Authority(newest, List.of(), Optional.empty()));
    }

    private static Stored<Authority> authority(KeyedCertificate newest, Instant trustedSince) {
        return new Stored.Present<>(new Authority(newest, List.of(), Optional.of(trustedSince)));
    }

    private static Stored<Authority> rotating(@Nullable Instant trustedSince) {
        return new Stored.Present<>(new Authority(NEW, List.of(OLD.certificate()), Optional.ofNullable(trustedSince)));
    }

    private static List<X509Certificate> certificates(KeyedCertificate... authorities) {
        return List.of(authorities).stream().map(KeyedCertificate::certificate).toList();
    }
}
