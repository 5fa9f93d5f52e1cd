package io.groupmembership.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.groupmembership.certificates.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rotations in virtual time: a CA lives for three hours, a certificate for one and a half, the waits are the real
 * ones. API servers learn of a bundle up to a minute late, pods serve a certificate up to two and a half minutes late; at
 * every half minute each API server must accept each pod.
 */
class RotationTest {
    private static final List<Duration> API_SERVER_LAGS = List.of(Duration.ZERO, Duration.ofSeconds(60));
    private static final List<Duration> POD_LAGS = List.of(Duration.ZERO, Duration.ofSeconds(150));
    private static final Duration TICK = Duration.ofSeconds(30);
    private static final CertificateTerms TERMS = new CertificateTerms(
            CertificateTerms.webhook("groupmembership-system"),
            Duration.ofHours(3),
            new CertificateTimes(Duration.ofMinutes(90), UsualTerms.TIMES.trust(), UsualTerms.TIMES.serve()));

    /** One that was found good is good until it ends. */
    private record Pair(X509Certificate served, List<X509Certificate> trusted) {}

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Instant due = now;
    private final InstantSource clock = () -> now;
    private final ObjectsInMemory objects = new ObjectsInMemory(clock);
    private final WebhookCertificates leader = new WebhookCertificates(objects, TERMS, clock);
    private final Set<Pair> seen = new HashSet<>();
    private final Set<X509Certificate> authorities = new HashSet<>();
    private final Set<X509Certificate> certificates = new HashSet<>();

    @Test
    void everyApiServerAcceptsEveryPodThroughAllRotations() {
        start();

        pass(Duration.ofMinutes(6 * 60 + 30));

        assertThat(authorities).hasSize(7);
        assertThat(certificates).hasSizeBetween(13, 20);
        assertThat(bundle(now)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 13, 26, 39, 52})
    void anOperatorThatIsAwayForLongerThanHalfOfACertificatesLifeIsNotMissed(int minutes) {
        start();
        pass(Duration.ofMinutes(minutes));

        due = now.plus(TERMS.times().life().dividedBy(2)).plus(TICK);
        pass(Duration.ofHours(2));

        assertThat(bundle(now)).hasSizeBetween(1, 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aSecondWriterThatPausesAnywhereHurtsNobody(long seed) {
        // Given a deposed leader, which stands still for up to 20 minutes between any two of its reads and writes
        Random random = new Random(seed);
        WebhookCertificates deposed = new WebhookCertificates(new Hesitant(objects, random, this::pass), TERMS, clock);
        start();

        // When both rotate for six hours
        Instant end = now.plus(Duration.ofHours(6));
        while (now.isBefore(end)) {
            deposed.reconcile();
            pass(Duration.ofMinutes(random.nextInt(10)));
        }

        // Then every API server accepted every pod all the time, and the rotations went on
        assertThat(authorities).hasSizeBetween(5, 9);
    }

    @Test
    void aCaThatSomebodyDeletedIsReplacedWithoutAGap() {
        start();
        pass(Duration.ofMinutes(20));

        objects.deleteSecret(CertificateSecrets.WEBHOOK.authorityName());
        pass(Duration.ofMinutes(40));

        assertThat(authorities).hasSize(2);
        assertThat(bundle(now)).hasSize(1);
    }

    @Test
    void aCertificateThatSomebodyDeletedIsIssuedAgain() {
        start();
        objects.deleteSecret(CertificateSecrets.WEBHOOK.servingName());

        pass(Duration.ofMinutes(20));

        assertThat(certificates).hasSize(2);
    }

    @Test
    void aConfigurationThatComesLateOrIsAppliedAnewGetsItsBundleWithinAMinute() {
        leader.reconcile();
        now = now.plus(Duration.ofMinutes(30));

        for (int i = 0; i < 2; i++) {
            objects.applyManifest();
            assertThat(leader.reconcile()).isLessThanOrEqualTo(Duration.ofMinutes(1));
            assertThat(bundle(now)).hasSize(1);
            now = now.plus(Duration.ofMinutes(20));
        }
    }

    private void start() {
        objects.applyManifest();
        leader.reconcile();
        now = now.plus(Duration.ofMinutes(3));
        check();
    }

    private void pass(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plus(TICK);
            if (!now.isBefore(due)) {
                due = now.plus(leader.reconcile());
            }
            check();
        }
    }

    private void check() {
        for (Duration podLag : POD_LAGS) {
            Serving serving = CertificateSecrets.WEBHOOK
                    .serving(objects.servedAt(now.minus(podLag)))
                    .found()
                    .orElseThrow();
            certificates.add(serving.certificate().certificate());
            assertThat(serving.certificate().certificate().getNotAfter().toInstant())
                    .isAfter(now);
            for (Duration apiServerLag : API_SERVER_LAGS) {
                List<X509Certificate> bundle = bundle(now.minus(apiServerLag));
                authorities.addAll(bundle);
                boolean known = !seen.add(new Pair(serving.certificate().certificate(), bundle));
                assertThat(known || serving.accepted(bundle, TERMS.holder(), now))
                        .as("%s: a pod that lags %s and an API server that lags %s", now, podLag, apiServerLag)
                        .isTrue();
            }
        }
    }

    private List<X509Certificate> bundle(Instant time) {
        try {
            String text = objects.configurationAt(time)
                    .orElseThrow()
                    .getWebhooks()
                    .getFirst()
                    .getClientConfig()
                    .getCaBundle();
            return Pem.readCertificates(new String(Base64.getDecoder().decode(text), StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("the bundle that was published can't be read", e);
        }
    }

    /** Lets time pass, and others act, before each read and write. */
    private record Hesitant(CertificateObjects objects, Random random, Consumer<Duration> pass)
            implements CertificateObjects {
        private void hesitate() {
            if (random.nextInt(4) == 0) {
                pass.accept(Duration.ofMinutes(random.nextInt(21)));
            }
        }

        @Override
        public Optional<Secret> secret(String name) {
            hesitate();
            return objects.secret(name);
        }

        @Override
        public Optional<MutatingWebhookConfiguration> configuration() {
            hesitate();
            return objects.configuration();
        }

        @Override
        public boolean create(Secret secret) {
            hesitate();
            return objects.create(secret);
        }

        @Override
        public boolean replace(Secret secret) {
            hesitate();
            return objects.replace(secret);
        }

        @Override
        public boolean trust(MutatingWebhookConfiguration read, String caBundle) {
            hesitate();
            return objects.trust(read, caBundle);
        }
    }
}
