package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.Optional;

/**
 * Secrets of one namespace. Each write counts only if the Secret is still the one that was read (its resourceVersion, or
 * its absence); else it says false and changes nothing.
 */
interface SecretStore {
    Optional<Secret> secret(String name);

    boolean create(Secret secret);

    boolean replace(Secret secret);
}
