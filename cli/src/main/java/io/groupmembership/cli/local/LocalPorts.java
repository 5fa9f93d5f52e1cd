package io.groupmembership.cli.local;

import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.NodePorts;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** The ports of the nodes of a cluster on this machine. */
public final class LocalPorts {
    /** Free ports are drawn from here: below the range from which systems give ports to outgoing connections. */
    private static final int FREE_FROM = 15_000;

    private static final int FREE_TO = 31_000;
    private static final int FREE_ATTEMPTS = 200;

    private LocalPorts() {}

    /** One port and what it is for, as in "TCP port 7711 (Raft of node-1)". */
    public record Use(int port, boolean udp, String purpose) {}

    /** The ports of nodes 1 to n: node i has those of base + i. */
    public static List<NodePorts> fromBase(int base, int nodes) {
        return IntStream.rangeClosed(1, nodes)
                .mapToObj(i -> NodePorts.ofBase(base + i))
                .toList();
    }

    /** Ports that were free a moment ago, for tests and training runs. */
    public static List<NodePorts> free(int nodes) {
        for (int attempt = 0; attempt < FREE_ATTEMPTS; attempt++) {
            int base = ThreadLocalRandom.current().nextInt(FREE_FROM, FREE_TO);
            List<NodePorts> plan = fromBase(base, nodes);
            boolean free = plan.stream()
                    .flatMap(ports -> uses(ports.of("node", "node", "127.0.0.1")).stream())
                    .allMatch(use -> PortCheck.isFree("127.0.0.1", use));
            if (free) {
                return plan;
            }
        }
        throw new IllegalStateException("no free range of ports between " + FREE_FROM + " and " + FREE_TO);
    }

    /** What each port of a node is for. */
    static List<Use> uses(ClusterFile.Node node) {
        String nodeId = node.nodeId();
        return List.of(
                new Use(node.httpPort(), false, "HTTP API of " + nodeId),
                new Use(node.peerPort(), false, "Raft of " + nodeId),
                new Use(node.clientPort(), false, "forwarded requests of " + nodeId),
                new Use(node.udpPort(), true, "heartbeats of " + nodeId),
                new Use(node.adminPort(), false, "admin API of " + nodeId),
                new Use(node.raftAdminPort(), false, "Raft administration of " + nodeId));
    }
}
