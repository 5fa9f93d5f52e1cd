package io.groupmembership.node;

import io.groupmembership.node.tls.NodeTls;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/** Has this node's certificates read again while the node runs, even where nobody calls. */
@ApplicationScoped
class TlsRefresh {
    private static final Duration EACH = Duration.ofSeconds(10);

    void begin(@Observes StartupEvent start, Vertx vertx, NodeTls tls) {
        if (tls.isOn()) {
            vertx.setPeriodic(
                    EACH.toMillis(),
                    _ -> vertx.executeBlocking(() -> {
                        tls.refresh();
                        return true;
                    }));
        }
    }
}
