package io.groupmembership.sidecar.cluster;

import io.groupmembership.protocol.HostPort;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The nodes that an agent knows, and the one that it turns to now. The first one is drawn at random, and so is the
 * next after a failure: the agents of a node that dies spread over all that are left.
 */
public final class NodeList {
    private final List<HostPort> nodes;
    private final NodeTransport transport;
    private final RandomGenerator random;
    private int current;

    /** Nodes that are called in plain text. */
    public NodeList(List<HostPort> nodes, RandomGenerator random) {
        this(nodes, NodeTransport.PLAIN, random);
    }

    /** @param nodes one at least */
    public NodeList(List<HostPort> nodes, NodeTransport transport, RandomGenerator random) {
        this.transport = transport;
        this.nodes = List.copyOf(nodes);
        this.random = random;
        this.current = random.nextInt(nodes.size());
    }

    /** A call of one of them. */
    public HttpCall call(HostPort node) {
        return new HttpCall(node, transport);
    }

    /** The base URL of one of them, for people. */
    public String url(HostPort node) {
        return transport.url(node);
    }

    public int size() {
        return nodes.size();
    }

    public synchronized HostPort current() {
        return nodes.get(current);
    }

    /** Turns to another node, unless another thread has done so already. */
    public synchronized void failed(HostPort node) {
        if (nodes.size() > 1 && nodes.get(current).equals(node)) {
            current = (current + 1 + random.nextInt(nodes.size() - 1)) % nodes.size();
        }
    }

    /** Every node once, the current one first. */
    public synchronized List<HostPort> inTurn() {
        HostPort[] turn = new HostPort[nodes.size()];
        for (int i = 0; i < turn.length; i++) {
            turn[i] = nodes.get((current + i) % turn.length);
        }
        return List.of(turn);
    }
}
