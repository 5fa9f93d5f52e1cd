package io.groupmembership.cli.local;

import io.groupmembership.protocol.cluster.ClusterFile;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * The six ports of one node.
 *
 * @param http the HTTP API for clients
 * @param peer Raft between nodes
 * @param client requests that nodes forward to the leader
 * @param udp heartbeats
 * @param admin the HTTP API for operators
 * @param raftAdmin changes of the Raft configuration
 */
public record NodePorts(int http, int peer, int client, int udp, int admin, int raftAdmin) {
    /** The base that people see: the first node's HTTP API is at 7701. */
    public static final int DEFAULT_BASE = 7700;

    /** The smallest and the largest base: below it ports are privileged, above it they run out. */
    public static final int MIN_BASE = 1024;

    public static final int MAX_BASE = 65_400;

    /** Free ports are drawn from here: below the range from which systems give ports to outgoing connections. */
    private static final int FREE_FROM = 15_000;

    private static final int FREE_TO = 31_000;
    private static final int FREE_ATTEMPTS = 200;

    /** One port and what it is for, as in "TCP port 7711 (Raft of node-1)". */
    public record Use(int port, boolean udp, String purpose) {}

    /** The ports of nodes 1 to n: node i has base + i, base + 10 + i, and so on. */
    public static List<NodePorts> fromBase(int base, int nodes) {
        return IntStream.rangeClosed(1, nodes)
                .mapToObj(i -> new NodePorts(
                        base + i, base + 10 + i, base + 20 + i, base + 30 + i, base + 40 + i, base + 50 + i))
                .toList();
    }

    /** Ports that were free a moment ago, for tests and training runs. */
    public static List<NodePorts> free(int nodes) {
        for (int attempt = 0; attempt < FREE_ATTEMPTS; attempt++) {
            int base = ThreadLocalRandom.current().nextInt(FREE_FROM, FREE_TO);
            List<NodePorts> plan = fromBase(base, nodes);
            boolean free = plan.stream()
                    .flatMap(ports -> ports.uses("node").stream())
                    .allMatch(use -> PortCheck.isFree("127.0.0.1", use));
            if (free) {
                return plan;
            }
        }
        throw new IllegalStateException("no free range of ports between " + FREE_FROM + " and " + FREE_TO);
    }

    static NodePorts of(ClusterFile.Node node) {
        return new NodePorts(
                node.httpPort(),
                node.peerPort(),
                node.clientPort(),
                node.udpPort(),
                node.adminPort(),
                node.raftAdminPort());
    }

    /** What each port is for. */
    List<Use> uses(String nodeId) {
        return List.of(
                new Use(http, false, "HTTP API of " + nodeId),
                new Use(peer, false, "Raft of " + nodeId),
                new Use(client, false, "forwarded requests of " + nodeId),
                new Use(udp, true, "heartbeats of " + nodeId),
                new Use(admin, false, "admin API of " + nodeId),
                new Use(raftAdmin, false, "Raft administration of " + nodeId));
    }
}
