package io.groupmembership.node.api;

import io.groupmembership.node.NodeSettings;
import io.groupmembership.node.access.AccessControl;
import io.groupmembership.node.access.Authority;
import io.groupmembership.node.access.PolicyException;
import io.groupmembership.node.access.PolicyFile;
import io.groupmembership.node.access.TokenBuckets;
import io.groupmembership.node.access.kubernetes.KubernetesAuthority;
import io.groupmembership.node.monitor.ProbeNetworks;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Makes the access control that the settings ask for, and has its files read again while the node runs. */
@ApplicationScoped
public class AccessParts {
    private static final Duration EACH = Duration.ofSeconds(10);

    @Produces
    @Singleton
    AccessControl control(NodeSettings settings, MeterRegistry metrics) {
        Optional<Authority> authority = switch (settings.access()) {
            case "open" -> Optional.empty();
            case "policy" ->
                Optional.of(new PolicyFile(settings.policyFile()
                        .orElseThrow(() -> new PolicyException("gm.access=policy needs gm.policy-file"))));
            case "kubernetes" -> Optional.of(kubernetes(settings, metrics));
            default ->
                throw new PolicyException(
                        "gm.access must be open, policy or kubernetes, not '" + settings.access() + "'");
        };
        if (authority.isEmpty()) {
            return AccessControl.open();
        }
        return new AccessControl(
                authority,
                new TokenBuckets(positive("gm.address-rate", settings.addressRate()), System::nanoTime),
                new TokenBuckets(positive("gm.caller-rate", settings.callerRate()), System::nanoTime));
    }

    @Produces
    @Singleton
    ProbeNetworks networks(NodeSettings settings) {
        return settings.probeNetworks()
                .map(ProbeNetworks::of)
                .orElse(settings.access().equals("open") ? ProbeNetworks.ANY : ProbeNetworks.LOOPBACK);
    }

    private static KubernetesAuthority kubernetes(NodeSettings settings, MeterRegistry metrics) {
        KubernetesAuthority kubernetes = new KubernetesAuthority(
                url(settings.kubernetesUrl()),
                settings.kubernetesCredentials(),
                settings.allowedNamespaces(),
                System::nanoTime);
        FunctionCounter.builder("gm.access.questions", kubernetes, KubernetesAuthority::calls)
                .description("Calls of the Kubernetes API server")
                .register(metrics);
        FunctionCounter.builder("gm.access.questions.failed", kubernetes, KubernetesAuthority::failures)
                .description("Calls of the Kubernetes API server that were not made, or brought nothing")
                .register(metrics);
        return kubernetes;
    }

    private static URI url(String text) {
        try {
            URI url = URI.create(text);
            if ("https".equals(url.getScheme()) && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new PolicyException("gm.kubernetes-url must be https://host:port, not '" + text + "'");
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new PolicyException(name + " must be 1 or more, not " + value);
        }
        return value;
    }

    void begin(@Observes StartupEvent start, Vertx vertx, AccessControl control) {
        control.authority().ifPresent(authority -> {
            long _ = vertx.setPeriodic(
                    EACH.toMillis(),
                    _ -> vertx.executeBlocking(() -> {
                        authority.refresh();
                        return true;
                    }));
        });
    }
}
