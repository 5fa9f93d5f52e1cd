package io.groupmembership.node.api;

import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.node.NodeSettings;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.identity.SecretsFile;
import io.groupmembership.node.monitor.MemberKeys;
import io.groupmembership.node.tls.NodeTls;
import io.groupmembership.protocol.cluster.ClusterFile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Node 1 of a cluster of one, without a volume. */
@Alternative
@Singleton
public class IdentityInMemory {
    @Produces
    @Singleton
    NodeTls tls(NodeSettings settings) {
        return NodeTls.of(settings.tlsDir());
    }

    /** The usual one. */
    @Produces
    @Singleton
    ClusterTiming timing() {
        return ClusterTiming.USUAL;
    }

    @Produces
    @Singleton
    MemberKeys memberKeys(NodeIdentity identity) {
        return new MemberKeys(identity.clusterId(), SecretsFile.read(Optional.empty(), identity.clusterId()));
    }

    @Produces
    @Singleton
    NodeIdentity identity() {
        ClusterFile.Node self =
                new ClusterFile.Node("node-1", "node-1.0", "127.0.0.1", 7701, 1, 2, 7731, InMemoryNode.adminPort(), 3);
        return NodeIdentity.ofClusterFile(
                Path.of("target", "in-memory-node"),
                new ClusterFile("c0ffee00-0000-4000-8000-000000000000", "test", List.of(self)),
                self);
    }
}
