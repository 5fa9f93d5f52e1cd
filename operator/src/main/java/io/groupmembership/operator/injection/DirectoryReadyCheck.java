package io.groupmembership.operator.injection;

import io.groupmembership.operator.settings.OperatorSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** A webhook is ready once it can decide; until then no request should reach it. Other roles are not held up by it. */
@Readiness
@ApplicationScoped
class DirectoryReadyCheck implements HealthCheck {
    private final ClusterDirectory directory;
    private final OperatorSettings settings;

    DirectoryReadyCheck(ClusterDirectory directory, OperatorSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    @Override
    public HealthCheckResponse call() {
        boolean serves = settings.role() == OperatorSettings.Role.WEBHOOK;
        Optional<String> reason = serves ? directory.notReady() : Optional.empty();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("injection").status(reason.isEmpty());
        reason.ifPresent(text -> response.withData("reason", text));
        return response.build();
    }
}
