package io.groupmembership.operator.certificate;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps the objects as an API server does, with a version that each write must name, and remembers what was there when: API
 * servers and pods that lag behind read the past.
 */
final class ObjectsInMemory implements CertificateObjects {
    private final InstantSource clock;
    private final Map<String, Secret> secrets = new HashMap<>();
    private final NavigableMap<Instant, MutatingWebhookConfiguration> configurations = new TreeMap<>();
    private final NavigableMap<Instant, Secret> served = new TreeMap<>();
    private long version = 1;

    ObjectsInMemory(InstantSource clock) {
        this.clock = clock;
    }

    void applyManifest() {
        put(new MutatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName("groupmembership")
                .endMetadata()
                .addNewWebhook()
                .withName("inject.groupmembership.io")
                .withNewClientConfig()
                .endClientConfig()
                .endWebhook()
                .build());
    }

    void deleteSecret(String name) {
        secrets.remove(name);
    }

    Optional<MutatingWebhookConfiguration> configurationAt(Instant time) {
        return Optional.ofNullable(configurations.floorEntry(time)).map(Map.Entry::getValue);
    }

    /** What a pod serves that last read its files at this time; a Secret that was deleted stays on its disk. */
    Optional<Secret> servedAt(Instant time) {
        return Optional.ofNullable(served.floorEntry(time)).map(Map.Entry::getValue);
    }

    @Override
    public Optional<Secret> secret(String name) {
        return Optional.ofNullable(secrets.get(name));
    }

    @Override
    public Optional<MutatingWebhookConfiguration> configuration() {
        return configurationAt(clock.instant());
    }

    @Override
    public boolean create(Secret secret) {
        return !secrets.containsKey(secret.getMetadata().getName()) && put(secret);
    }

    @Override
    public boolean replace(Secret secret) {
        Secret there = secrets.get(secret.getMetadata().getName());
        return there != null
                && there.getMetadata()
                        .getResourceVersion()
                        .equals(secret.getMetadata().getResourceVersion())
                && put(secret);
    }

    @Override
    public boolean trust(MutatingWebhookConfiguration read, String caBundle) {
        String there = configuration().orElseThrow().getMetadata().getResourceVersion();
        if (!there.equals(read.getMetadata().getResourceVersion())) {
            return false;
        }
        put(new MutatingWebhookConfigurationBuilder(read)
                .editFirstWebhook()
                .editClientConfig()
                .withCaBundle(caBundle)
                .endClientConfig()
                .endWebhook()
                .build());
        return true;
    }

    private boolean put(Secret secret) {
        Secret stored = new SecretBuilder(secret)
                .editMetadata()
                .withResourceVersion(String.valueOf(version++))
                .endMetadata()
                .build();
        secrets.put(stored.getMetadata().getName(), stored);
        if (stored.getMetadata().getName().equals(CertificateSecrets.WEBHOOK.servingName())) {
            served.put(clock.instant(), stored);
        }
        return true;
    }

    private void put(MutatingWebhookConfiguration configuration) {
        configurations.put(
                clock.instant(),
                new MutatingWebhookConfigurationBuilder(configuration)
                        .editMetadata()
                        .withResourceVersion(String.valueOf(version++))
                        .endMetadata()
                        .build());
    }
}
