package io.groupmembership.node.health;

import io.groupmembership.node.raft.Replica;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive is a process that answers at all and whose Raft server still runs. A lost majority is no reason to restart a
 * node: it would only lose more. A node whose log breaks ends its own process; this is for one that could not.
 */
@Liveness
@ApplicationScoped
class LiveCheck implements HealthCheck {
    private final Replica replica;

    LiveCheck(Replica replica) {
        this.replica = replica;
    }

    @Override
    public HealthCheckResponse call() {
        String role = replica.status().state().role();
        return HealthCheckResponse.named("raft")
                .status(!role.equals("closed"))
                .withData("role", role)
                .build();
    }
}
