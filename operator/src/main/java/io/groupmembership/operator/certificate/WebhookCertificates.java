package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Carries out {@link CertificateStep}s. The leader calls {@link #reconcile} again and again.
 *
 * <p>Two may call it at once, as when a leader does not know yet that it was deposed. Nothing is lost by that: every write
 * is conditional on the object that was read, and the configuration and the certificate are read before the CA on which the
 * decision rests, so that a decision which rests on an old CA meets a newer object and is dropped.
 */
public final class WebhookCertificates {
    private static final Logger LOG = Logger.getLogger(WebhookCertificates.class);
    private static final int STEPS = 12;
    private static final Duration AFTER_CONFLICT = Duration.ofSeconds(2);

    /** Somebody may take the bundle out of the configuration, or delete a Secret: it is back after this time. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final CertificateObjects objects;
    private final CertificateTerms terms;
    private final CertificateIssuer issuer;
    private final InstantSource clock;

    WebhookCertificates(CertificateObjects objects, CertificateTerms terms, InstantSource clock) {
        this.objects = objects;
        this.terms = terms;
        this.issuer = new CertificateIssuer(terms);
        this.clock = clock;
    }

    /** @param namespace of the operator and the webhook */
    public static WebhookCertificates of(KubernetesClient client, String namespace, InstantSource clock) {
        return new WebhookCertificates(
                new KubernetesCertificateObjects(client, namespace), CertificateTerms.of(namespace), clock);
    }

    /**
     * Takes the steps that are due.
     *
     * @return how long until it should be called again, a minute at most
     * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server can't be asked
     */
    public Duration reconcile() {
        for (int i = 0; i < STEPS; i++) {
            Observation seen = observe();
            Instant now = clock.instant();
            CertificateStep step = CertificateStep.next(seen.state(), now, terms);
            if (step instanceof CertificateStep.Wait(Instant until)) {
                return now.plus(LONGEST).isBefore(until) ? LONGEST : Duration.between(now, until);
            }
            if (!apply(step, seen, now)) {
                LOG.infof("%s: another writer was there first", name(step));
                return AFTER_CONFLICT;
            }
            LOG.infof("webhook certificate: %s", name(step));
        }
        return AFTER_CONFLICT;
    }

    /** What was read, with the versions that writes depend on. */
    private record Observation(
            Optional<MutatingWebhookConfiguration> configuration,
            Optional<Secret> serving,
            Optional<Secret> authority,
            CertificateState state) {}

    /** The order matters: see above. */
    private Observation observe() {
        Optional<MutatingWebhookConfiguration> configuration = objects.configuration();
        Optional<Secret> serving = objects.secret(CertificateSecrets.SERVING_NAME);
        Optional<Secret> authority = objects.secret(CertificateSecrets.AUTHORITY_NAME);
        CertificateState state = new CertificateState(
                trust(configuration), CertificateSecrets.serving(serving), CertificateSecrets.authority(authority));
        if (state.authority() instanceof Stored.Unreadable<Authority>(String problem)) {
            LOG.warnf("%s; it is made anew", problem);
        }
        return new Observation(configuration, serving, authority, state);
    }

    private boolean apply(CertificateStep step, Observation seen, Instant now) {
        return switch (step) {
            case CertificateStep.IssueAuthority(List<X509Certificate> previous) ->
                write(
                        seen.authority(),
                        CertificateSecrets.write(
                                seen.authority(), new Authority(issuer.authority(now), previous, Optional.empty())));
            case CertificateStep.PublishTrust(List<X509Certificate> bundle) ->
                objects.trust(
                        seen.configuration().orElseThrow(),
                        Base64.getEncoder()
                                .encodeToString(Pem.certificates(bundle).getBytes(StandardCharsets.US_ASCII)));
            case CertificateStep.NoteTrusted(Instant since) -> {
                Authority authority = authority(seen);
                yield objects.replace(CertificateSecrets.write(
                        seen.authority(), new Authority(authority.newest(), authority.previous(), Optional.of(since))));
            }
            case CertificateStep.IssueServing() -> {
                Authority authority = authority(seen);
                yield write(
                        seen.serving(),
                        CertificateSecrets.write(
                                seen.serving(),
                                new Serving(issuer.serving(authority.newest(), now), authority.bundle())));
            }
            case CertificateStep.DropPrevious() -> {
                Authority authority = authority(seen);
                yield objects.replace(CertificateSecrets.write(
                        seen.authority(), new Authority(authority.newest(), List.of(), authority.trustedSince())));
            }
            case CertificateStep.WriteServingBundle(List<X509Certificate> bundle) ->
                objects.replace(CertificateSecrets.write(
                        seen.serving(),
                        new Serving(seen.state().serving().found().orElseThrow().certificate(), bundle)));
            case CertificateStep.Wait(Instant _) -> true;
        };
    }

    private boolean write(Optional<Secret> before, Secret secret) {
        return before.isEmpty() ? objects.create(secret) : objects.replace(secret);
    }

    private static Authority authority(Observation seen) {
        return seen.state().authority().found().orElseThrow();
    }

    private static Stored<List<X509Certificate>> trust(Optional<MutatingWebhookConfiguration> configuration) {
        if (configuration.isEmpty() || configuration.get().getWebhooks().isEmpty()) {
            return new Stored.Absent<>();
        }
        List<String> bundles = configuration.get().getWebhooks().stream()
                .map(MutatingWebhook::getClientConfig)
                .map(client -> client.getCaBundle() == null ? "" : client.getCaBundle())
                .distinct()
                .toList();
        if (bundles.size() != 1 || bundles.getFirst().isEmpty()) {
            return new Stored.Unreadable<>("no bundle, or not the same in each webhook");
        }
        try {
            return new Stored.Present<>(Pem.readCertificates(
                    new String(Base64.getDecoder().decode(bundles.getFirst()), StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return new Stored.Unreadable<>("the bundle can't be read");
        }
    }

    private static String name(CertificateStep step) {
        return step.getClass().getSimpleName();
    }
}
