package io.groupmembership.operator.cluster;

import io.groupmembership.protocol.api.RaftState;
import io.groupmembership.protocol.cluster.NodePorts;
import io.groupmembership.protocol.cluster.PeerId;
import java.util.Map;
import java.util.stream.Collectors;

/** The names of a cluster's objects, its nodes and their addresses. */
record ClusterNames(String namespace, String name) {
    static final String CLUSTER_LABEL = "groupmembership.io/cluster";

    /** The ClusterRole of nodes. */
    static final String NODE_ROLE = "groupmembership-node";

    /** Of each node, in its pod. */
    static final NodePorts PORTS = NodePorts.ofBase(NodePorts.DEFAULT_BASE);

    String statefulSet() {
        return name;
    }

    /** For clients: the nodes that are ready. */
    String clientService() {
        return name;
    }

    /** For the nodes themselves: each has a name of its own, ready or not. */
    String nodesService() {
        return name + "-nodes";
    }

    /** Of the nodes' pods. */
    String serviceAccount() {
        return name + "-node";
    }

    /** It is no object of a namespace: its name has that. */
    String roleBinding() {
        return NODE_ROLE + ":" + namespace + ":" + name;
    }

    /** One for each recovery epoch: none is ever changed. */
    String identitySecret(long recoveryEpoch) {
        return name + "-identity" + (recoveryEpoch == 0 ? "" : "-" + recoveryEpoch);
    }

    /** What the heartbeats of the cluster's members are sealed with. */
    String heartbeatSecret() {
        return name + "-heartbeat";
    }

    /** Of one node: its pod's name is its nodeId. */
    String nodeId(int ordinal) {
        return name + "-" + ordinal;
    }

    String claim(int ordinal) {
        return "data-" + nodeId(ordinal);
    }

    String host(String nodeId) {
        return nodeId + "." + nodesService() + "." + namespace + ".svc";
    }

    /** A node as a peer of the Raft group. */
    RaftState.Peer peer(String peerId) {
        return PORTS.peer(peerId, host(nodeId(peerId)));
    }

    /** Before the dot and the UUID of the volume. */
    static String nodeId(String peerId) {
        return PeerId.nodeId(peerId);
    }

    static int ordinal(String nodeId) {
        return Integer.parseInt(nodeId.substring(nodeId.lastIndexOf('-') + 1));
    }

    /** What the StatefulSet's pods are selected by. */
    Map<String, String> selector() {
        return Map.of("app.kubernetes.io/name", "groupmembership-node", CLUSTER_LABEL, name);
    }

    /** The same as a text, as the scale subresource wants it. */
    String selectorText() {
        return selector().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    Map<String, String> labels() {
        return Map.of(
                "app.kubernetes.io/name",
                "groupmembership-node",
                "app.kubernetes.io/instance",
                name,
                "app.kubernetes.io/managed-by",
                "operator.groupmembership.io",
                CLUSTER_LABEL,
                name);
    }
}
