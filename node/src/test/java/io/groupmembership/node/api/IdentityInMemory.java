package io.groupmembership.node.api;

import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.protocol.cluster.ClusterFile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;

/** Node 1 of a cluster of one, without a volume. */
@Alternative
@Singleton
public class IdentityInMemory {
    @Produces
    @Singleton
    NodeIdentity identity() {
        ClusterFile.Node self =
                new ClusterFile.Node("node-1", "node-1.0", "127.0.0.1", 7701, 1, 2, 7731, InMemoryNode.adminPort(), 3);
        return NodeIdentity.ofClusterFile(
                Path.of("unused"),
                new ClusterFile("c0ffee00-0000-4000-8000-000000000000", "test", List.of(self)),
                self);
    }
}
