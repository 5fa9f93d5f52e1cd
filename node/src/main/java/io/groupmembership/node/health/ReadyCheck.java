package io.groupmembership.node.health;

import io.groupmembership.membership.NodeRecord;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.raft.RaftStatus;
import io.groupmembership.node.raft.Replica;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready is a node that serves: it has caught up with a leader it knows, and the cluster counts it among its live nodes,
 * and the cluster is formed.
 * What it says is read from its own state: a probe must not wait for a majority.
 */
@Readiness
@ApplicationScoped
class ReadyCheck implements HealthCheck {
    private final Replica replica;
    private final String nodeId;

    ReadyCheck(Replica replica, NodeIdentity identity) {
        this.replica = replica;
        this.nodeId = identity.self().nodeId();
    }

    @Override
    public HealthCheckResponse call() {
        RaftStatus status = replica.status();
        boolean live =
                replica.read(state -> state.node(nodeId)).map(NodeRecord::live).orElse(false);
        return HealthCheckResponse.named("cluster")
                .status(status.ready() && live && replica.servesClients())
                .withData("role", status.state().role())
                .withData("leader", status.leaderNodeId().orElse(""))
                .withData("caughtUp", status.ready())
                .withData("live", live)
                .withData("formed", replica.servesClients())
                .build();
    }
}
