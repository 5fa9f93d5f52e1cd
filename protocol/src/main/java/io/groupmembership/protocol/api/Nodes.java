package io.groupmembership.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes of the cluster, and which of them leads. */
public record Nodes(@Nullable String leader, long term, List<Node> nodes) {
    /**
     * @param address the base URL of the HTTP API
     * @param udp where heartbeats come from, host:port
     * @param hashKey MD5 of nodeId, address and cluster name in hexadecimal: the place of the node on the hash ring
     * @param role leader or follower, or candidate where the answering node sees itself so
     * @param live whether the node takes part in monitoring
     * @param members how many members the node monitors
     */
    public record Node(
            String nodeId, String address, String udp, String hashKey, String role, boolean live, int members) {}
}
