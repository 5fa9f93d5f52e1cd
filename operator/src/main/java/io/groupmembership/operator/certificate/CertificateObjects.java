package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import java.util.Optional;

/** The objects of the webhook's rotation, where they are kept. */
interface CertificateObjects extends SecretStore {
    Optional<MutatingWebhookConfiguration> configuration();

    /**
     * False, and without effect, where the configuration is not the one that was read any more.
     *
     * @param caBundle in Base64; for every webhook of the configuration
     */
    boolean trust(MutatingWebhookConfiguration read, String caBundle);
}
