package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.api.model.Secret;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Carries out {@link CertificateStep}s. The leader calls {@link #reconcile} again and again.
 *
 * <p>Two may call it at once, as when a leader does not know yet that it was deposed. Nothing is lost by that: every write
 * is conditional on the object that was read, and the trust and the certificate are read before the CA on which the
 * decision rests, so that a decision which rests on an old CA meets a newer object and is dropped.
 */
final class CertificateRotation {
    private static final Logger LOG = Logger.getLogger(CertificateRotation.class);
    private static final int STEPS = 12;
    private static final Duration AFTER_CONFLICT = Duration.ofSeconds(2);

    /** Somebody may take the bundle out of its place, or delete a Secret: it is back after this time. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final String what;
    private final SecretStore secrets;
    private final CertificateSecrets names;
    private final Supplier<Trust> trust;
    private final CertificateTerms terms;
    private final CertificateIssuer issuer;
    private final InstantSource clock;

    /**
     * @param what for logs: whose certificate it is
     * @param trust read anew at each call
     */
    CertificateRotation(
            String what,
            SecretStore secrets,
            CertificateSecrets names,
            Supplier<Trust> trust,
            CertificateTerms terms,
            InstantSource clock) {
        this.what = what;
        this.secrets = secrets;
        this.names = names;
        this.trust = trust;
        this.terms = terms;
        this.issuer = new CertificateIssuer(terms);
        this.clock = clock;
    }

    /**
     * Takes the steps that are due.
     *
     * @return how long until it should be called again, a minute at most
     * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server can't be asked
     */
    Duration reconcile() {
        for (int i = 0; i < STEPS; i++) {
            Observation seen = observe();
            Instant now = clock.instant();
            CertificateStep step = CertificateStep.next(seen.state(), now, terms);
            if (step instanceof CertificateStep.Wait(Instant until)) {
                return now.plus(LONGEST).isBefore(until) ? LONGEST : Duration.between(now, until);
            }
            if (!apply(step, seen, now)) {
                LOG.infof("%s: %s: another writer was there first", what, name(step));
                return AFTER_CONFLICT;
            }
            LOG.infof("%s: %s", what, name(step));
        }
        return AFTER_CONFLICT;
    }

    /** What was read, with the versions that writes depend on. */
    private record Observation(
            Trust trust, Optional<Secret> serving, Optional<Secret> authority, CertificateState state) {}

    /** The order matters: see above. */
    private Observation observe() {
        Trust trusting = trust.get();
        Optional<Secret> serving = secrets.secret(names.servingName());
        Optional<Secret> authority = secrets.secret(names.authorityName());
        CertificateState state =
                new CertificateState(trusting.bundle(), names.serving(serving), names.authority(authority));
        if (state.authority() instanceof Stored.Unreadable<Authority>(String problem)) {
            LOG.warnf("%s; it is made anew", problem);
        }
        return new Observation(trusting, serving, authority, state);
    }

    private boolean apply(CertificateStep step, Observation seen, Instant now) {
        return switch (step) {
            case CertificateStep.IssueAuthority(List<X509Certificate> previous) ->
                write(
                        seen.authority(),
                        names.write(
                                seen.authority(), new Authority(issuer.authority(now), previous, Optional.empty())));
            case CertificateStep.PublishTrust(List<X509Certificate> bundle) ->
                seen.trust().publish(bundle);
            case CertificateStep.NoteTrusted(Instant since) -> {
                Authority authority = authority(seen);
                yield secrets.replace(names.write(
                        seen.authority(), new Authority(authority.newest(), authority.previous(), Optional.of(since))));
            }
            case CertificateStep.IssueServing() -> {
                Authority authority = authority(seen);
                yield write(
                        seen.serving(),
                        names.write(
                                seen.serving(),
                                new Serving(issuer.serving(authority.newest(), now), authority.bundle())));
            }
            case CertificateStep.DropPrevious() -> {
                Authority authority = authority(seen);
                yield secrets.replace(names.write(
                        seen.authority(), new Authority(authority.newest(), List.of(), authority.trustedSince())));
            }
            case CertificateStep.WriteServingBundle(List<X509Certificate> bundle) ->
                secrets.replace(names.write(
                        seen.serving(),
                        new Serving(seen.state().serving().found().orElseThrow().certificate(), bundle)));
            case CertificateStep.Wait(Instant _) -> true;
        };
    }

    private boolean write(Optional<Secret> before, Secret secret) {
        return before.isEmpty() ? secrets.create(secret) : secrets.replace(secret);
    }

    private static Authority authority(Observation seen) {
        return seen.state().authority().found().orElseThrow();
    }

    private static String name(CertificateStep step) {
        return step.getClass().getSimpleName();
    }
}
