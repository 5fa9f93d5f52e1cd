package io.groupmembership.operator.cluster;

/** The ports of a node in a pod; all nodes have the same. */
final class NodePorts {
    static final int HTTP = 7700;
    static final int PEER = 7710;
    static final int CLIENT = 7720;
    static final int UDP = 7730;
    static final int ADMIN = 7740;
    static final int RAFT_ADMIN = 7750;

    private NodePorts() {}
}
