package io.groupmembership.operator;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** A controller that has stopped watching for good is started anew. */
@Liveness
@ApplicationScoped
class ControllerCheck implements HealthCheck {
    private final OperatorProcess process;

    ControllerCheck(OperatorProcess process) {
        this.process = process;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("controller")
                .status(process.isHealthy())
                .build();
    }
}
