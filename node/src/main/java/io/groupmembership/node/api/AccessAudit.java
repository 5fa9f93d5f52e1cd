package io.groupmembership.node.api;

import io.groupmembership.node.access.Attributes;
import io.groupmembership.node.access.Caller;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down who was refused what, and who changed what: a line of JSON each, in the log category "audit". Reads that
 * were allowed are not written down, and a token never is.
 */
@ApplicationScoped
class AccessAudit {
    private static final Logger AUDIT = LoggerFactory.getLogger("audit");
    private static final int MOST_CHARACTERS = 512;

    private final MeterRegistry metrics;

    AccessAudit(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void allowed(RoutingContext http, Caller caller, Attributes wanted, String reason) {
        if (wanted.changes()) {
            write(http, caller, wanted, "allow", reason);
        }
    }

    /** @param kind the word that it is counted under */
    void denied(RoutingContext http, Caller caller, Attributes wanted, String kind, String reason) {
        metrics.counter("gm.access.denied", "reason", kind).increment();
        write(http, caller, wanted, "deny", reason);
    }

    private static void write(RoutingContext http, Caller caller, Attributes wanted, String decision, String reason) {
        if (!AUDIT.isInfoEnabled()) {
            return;
        }
        Map<String, String> line = new LinkedHashMap<>();
        line.put("time", Instant.now().toString());
        line.put("caller", caller.user());
        caller.pod().ifPresent(pod -> line.put("pod", pod.namespace() + "/" + pod.name()));
        line.put("verb", wanted.verb());
        line.put("resource", wanted.resource());
        line.put("namespace", wanted.namespace());
        line.put("name", wanted.name());
        line.put("decision", decision);
        line.put("reason", reason);
        line.put("remote", remote(http));
        line.replaceAll((field, text) -> text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS));
        AUDIT.info("{}", new String(StrictJson.write(line), StandardCharsets.UTF_8));
    }

    /** The client's IP address. */
    static String remote(RoutingContext http) {
        return Optional.ofNullable(http.request().remoteAddress())
                .map(SocketAddress::hostAddress)
                .orElse("unknown");
    }
}
