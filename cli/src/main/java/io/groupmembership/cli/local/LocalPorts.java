package io.groupmembership.cli.local;

import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.NodePorts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The ports of the nodes of a cluster on this machine. */
public final class LocalPorts {
    /** Free ports are drawn from here: below the range from which systems give ports to outgoing connections. */
    private static final int FREE_FROM = 15_000;

    private static final int FREE_TO = 31_000;
    private static final int FREE_ATTEMPTS = 200;

    /** The six ports of nine nodes are together; further nodes are beyond all of them. */
    private static final int PLACES_IN_ROW = 9;

    private static final int ROW_PORTS = 60;
    private static final int ROWS = 8;

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

    /**
     * A place for one more node of a cluster.
     *
     * @param base the port below the first node's
     * @param others the nodes that have places; none of their ports is given again, whether or not they run
     * @return empty where another program holds one port or more of every place that there could be
     */
    static Optional<LocalNode> place(int base, String nodeId, List<LocalNode> others) {
        Set<Integer> given = others.stream().map(LocalNode::httpPort).collect(Collectors.toSet());
        int number = nodeId.matches("node-[1-9]") ? nodeId.charAt(nodeId.length() - 1) - '0' : 1;
        IntStream rows = IntStream.range(0, ROWS)
                .flatMap(row -> IntStream.rangeClosed(1, PLACES_IN_ROW).map(place -> base + row * ROW_PORTS + place));
        return IntStream.concat(IntStream.of(base + number), rows)
                .boxed()
                .filter(port -> port <= NodePorts.MAX_BASE && !given.contains(port))
                .map(port -> new LocalNode(nodeId, "127.0.0.1", port, false, 1, "", LocalNode.State.RUNNING))
                .filter(node -> uses(node.place()).stream().allMatch(use -> PortCheck.isFree(node.host(), use)))
                .findFirst();
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
