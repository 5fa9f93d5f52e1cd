package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/**
 * The Secrets of something that they end with.
 *
 * @param template their namespace, labels and owner
 */
record OwnedSecrets(KubernetesClient client, ObjectMeta template) implements SecretStore {
    @Override
    public Optional<Secret> secret(String name) {
        return Optional.ofNullable(client.secrets()
                .inNamespace(template.getNamespace())
                .withName(name)
                .get());
    }

    @Override
    public boolean create(Secret secret) {
        Secret owned = new SecretBuilder(secret)
                .editMetadata()
                .withNamespace(template.getNamespace())
                .addToLabels(template.getLabels())
                .withOwnerReferences(template.getOwnerReferences())
                .endMetadata()
                .build();
        return ConditionalWrite.done(() -> client.resource(owned).create());
    }

    @Override
    public boolean replace(Secret secret) {
        return ConditionalWrite.done(() -> client.resource(secret).update());
    }
}
