package io.groupmembership.node;

import io.groupmembership.node.identity.LiveSecrets;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/** Has the cluster's secrets read again while the node runs. */
@ApplicationScoped
class SecretsRefresh {
    private static final Duration EACH = Duration.ofSeconds(10);

    void begin(@Observes StartupEvent start, Vertx vertx, LiveSecrets secrets) {
        vertx.setPeriodic(
                EACH.toMillis(),
                _ -> vertx.executeBlocking(() -> {
                    secrets.refresh();
                    return true;
                }));
    }
}
