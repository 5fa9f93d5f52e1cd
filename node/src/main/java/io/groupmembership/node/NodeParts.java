package io.groupmembership.node;

import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.raft.ProcessEnd;
import io.groupmembership.node.raft.RaftAdministration;
import io.groupmembership.node.raft.RaftAdministrator;
import io.groupmembership.node.raft.RaftNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The parts of a node that know nothing of the container that they are injected by. */
@ApplicationScoped
public class NodeParts {
    @Produces
    @Singleton
    NodeIdentity identity(NodeSettings settings) {
        return NodeIdentity.load(settings.nodeId(), settings.clusterFile(), settings.dataDir());
    }

    @Produces
    @Singleton
    RaftNode raft(NodeIdentity identity, NodeSettings settings) {
        return new RaftNode(identity, settings, ProcessEnd.HALT);
    }

    @Produces
    @Singleton
    RaftAdministration administration(RaftNode raft) {
        return new RaftAdministrator(raft);
    }
}
