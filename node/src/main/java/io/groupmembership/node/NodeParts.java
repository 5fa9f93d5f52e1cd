package io.groupmembership.node;

import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.node.identity.LiveSecrets;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.identity.Volume;
import io.groupmembership.node.monitor.MemberKeys;
import io.groupmembership.node.raft.ProcessEnd;
import io.groupmembership.node.raft.RaftAdministration;
import io.groupmembership.node.raft.RaftAdministrator;
import io.groupmembership.node.raft.RaftNode;
import io.groupmembership.node.tls.NodeTls;
import io.groupmembership.protocol.lease.Drift;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The parts of a node that know nothing of the container that they are injected by. */
@ApplicationScoped
public class NodeParts {
    @Produces
    @Singleton
    NodeIdentity identity(NodeSettings settings) {
        return settings.clusterFile()
                .map(file -> NodeIdentity.load(settings.nodeId(), file, settings.dataDir()))
                .orElseGet(() -> NodeIdentity.ofVolume(
                        settings.dataDir(),
                        Volume.open(settings.dataDir(), settings.nodeId()),
                        settings.host().orElseThrow(),
                        settings.bind(),
                        settings.basePort()));
    }

    @Produces
    @Singleton
    NodeTls tls(NodeSettings settings) {
        return NodeTls.of(settings.tlsDir());
    }

    @Produces
    @Singleton
    RaftNode raft(NodeIdentity identity, NodeSettings settings, NodeTls tls) {
        return new RaftNode(identity, settings, tls.reloading(), ProcessEnd.HALT);
    }

    @Produces
    @Singleton
    ClusterTiming timing(NodeSettings settings) {
        return new ClusterTiming(
                settings.nodeLease().toMillis(),
                settings.tick().toMillis(),
                settings.nodeTimeout().toMillis(),
                Drift.BOUND);
    }

    @Produces
    @Singleton
    LiveSecrets secrets(NodeIdentity identity, NodeSettings settings) {
        return new LiveSecrets(settings.secretsFile(), identity.clusterId(), settings.secretsGrace(), System::nanoTime);
    }

    @Produces
    @Singleton
    MemberKeys memberKeys(NodeIdentity identity, LiveSecrets secrets) {
        return new MemberKeys(identity.clusterId(), secrets);
    }

    @Produces
    @Singleton
    RaftAdministration administration(RaftNode raft) {
        return new RaftAdministrator(raft);
    }
}
