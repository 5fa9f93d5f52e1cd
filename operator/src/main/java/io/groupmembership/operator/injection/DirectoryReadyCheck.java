package io.groupmembership.operator.injection;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** A webhook is ready once it can decide; until then no request should reach it. Other roles are not held up by it. */
@Readiness
@ApplicationScoped
class DirectoryReadyCheck implements HealthCheck {
    private final ClusterDirectory directory;
    private final String role;

    DirectoryReadyCheck(
            ClusterDirectory directory, @ConfigProperty(name = "gm.role", defaultValue = "controller") String role) {
        this.directory = directory;
        this.role = role;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> reason = role.equals(InjectionWiring.ROLE) ? directory.notReady() : Optional.empty();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("injection").status(reason.isEmpty());
        reason.ifPresent(text -> response.withData("reason", text));
        return response.build();
    }
}
