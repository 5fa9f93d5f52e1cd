package io.groupmembership.cli.local;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.NodePorts;

/**
 * A node that {@code gm up} runs here.
 *
 * @param httpPort the first of its ports, each further one 10 above the one before
 * @param founder whether the cluster file names its peer; the others are formed by {@code gm nodes} and are admitted
 * @param replaces the peerId whose place it was started to take; empty for none
 * @param life grows when the node is to be ended and started anew
 */
public record LocalNode(
        String nodeId, String host, int httpPort, boolean founder, int life, String replaces, State state) {
    /** What is to become of it. */
    public enum State {
        /** It runs, and is started again when it ends. */
        RUNNING,
        /** It runs, and is being taken out of the cluster. */
        LEAVING,
        /** It does not run: its directory is about to be set aside. */
        STOPPED
    }

    static LocalNode founder(ClusterFile.Node node) {
        return new LocalNode(node.nodeId(), node.host(), node.httpPort(), true, 1, "", State.RUNNING);
    }

    public boolean runs() {
        return state != State.STOPPED;
    }

    public LocalNode in(State next) {
        return new LocalNode(nodeId, host, httpPort, founder, life, replaces, next);
    }

    /** The same place for a peer that comes in with an empty volume instead of another. */
    public LocalNode insteadOf(String peerId) {
        return new LocalNode(nodeId, host, httpPort, false, life + 1, peerId, State.RUNNING);
    }

    boolean isSameProcess(LocalNode other) {
        return in(State.RUNNING).equals(other.in(State.RUNNING));
    }

    NodePorts ports() {
        return NodePorts.ofBase(httpPort);
    }

    ClusterFile.Node place() {
        return ports().of(nodeId, nodeId, host);
    }

    /** Where its HTTP API is. */
    public HostPort http() {
        return new HostPort(host, httpPort);
    }

    /** Where its API for operators is. */
    public HostPort admin() {
        return new HostPort(host, ports().admin());
    }
}
