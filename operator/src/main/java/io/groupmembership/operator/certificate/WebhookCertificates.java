package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.certificates.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The certificate that the webhook serves, and the bundle by which the API servers know it. */
public final class WebhookCertificates {
    private final CertificateRotation rotation;

    WebhookCertificates(CertificateObjects objects, CertificateTerms terms, InstantSource clock) {
        rotation = new CertificateRotation(
                "webhook certificate",
                objects,
                CertificateSecrets.WEBHOOK,
                () -> new Configured(objects, objects.configuration()),
                terms,
                clock);
    }

    /** @param namespace of the operator and the webhook */
    public static WebhookCertificates of(
            KubernetesClient client, String namespace, CertificateTimes times, InstantSource clock) {
        return new WebhookCertificates(
                new KubernetesCertificateObjects(client, namespace),
                CertificateTerms.of(CertificateTerms.webhook(namespace), times),
                clock);
    }

    /** As {@link CertificateRotation#reconcile}. */
    public Duration reconcile() {
        return rotation.reconcile();
    }

    /** What stands in the webhook's configuration. */
    private record Configured(CertificateObjects objects, Optional<MutatingWebhookConfiguration> configuration)
            implements Trust {
        @Override
        public Stored<List<X509Certificate>> bundle() {
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

        @Override
        public boolean publish(List<X509Certificate> bundle) {
            return objects.trust(
                    configuration.orElseThrow(),
                    Base64.getEncoder().encodeToString(Pem.certificates(bundle).getBytes(StandardCharsets.US_ASCII)));
        }
    }
}
