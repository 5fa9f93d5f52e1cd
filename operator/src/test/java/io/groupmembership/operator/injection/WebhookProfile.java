package io.groupmembership.operator.injection;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;
import java.util.Set;

/** The role of the webhook, with a directory in memory. */
public final class WebhookProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "gm.role", "webhook",
                "operator.namespace", "groupmembership-system",
                "quarkus.management.enabled", "false",
                "quarkus.http.test-port", "0");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(DirectoryInMemory.class);
    }
}
