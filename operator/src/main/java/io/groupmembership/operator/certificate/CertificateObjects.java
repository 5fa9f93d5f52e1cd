package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import java.util.Optional;

/**
 * The objects of a rotation, where they are kept. Each write counts only if the object is still the one that was read (its
 * resourceVersion, or its absence); else it says false and changes nothing.
 */
interface CertificateObjects {
    Optional<Secret> secret(String name);

    Optional<MutatingWebhookConfiguration> configuration();

    boolean create(Secret secret);

    boolean replace(Secret secret);

    /** @param caBundle in Base64; for every webhook of the configuration */
    boolean trust(MutatingWebhookConfiguration read, String caBundle);
}
