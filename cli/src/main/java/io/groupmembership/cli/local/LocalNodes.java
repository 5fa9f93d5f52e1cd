package io.groupmembership.cli.local;

import io.groupmembership.protocol.cluster.ClusterFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which nodes {@code gm up} runs here: the founders, until {@code gm nodes} has changed that and written it down. What
 * is in the cluster the Raft log alone says.
 *
 * @param revision grows with each change; {@code gm up} tells the one that it has carried out
 */
public record LocalNodes(long revision, List<LocalNode> nodes) {
    static LocalNodes of(ClusterFile cluster) {
        return new LocalNodes(
                0, cluster.nodes().stream().map(LocalNode::founder).toList());
    }

    public Optional<LocalNode> node(String nodeId) {
        return nodes.stream().filter(node -> node.nodeId().equals(nodeId)).findFirst();
    }

    List<LocalNode> running() {
        return nodes.stream().filter(LocalNode::runs).toList();
    }

    /** With this node as it is to be. */
    LocalNodes with(LocalNode changed) {
        LocalNodes others = without(changed.nodeId());
        List<LocalNode> all = new ArrayList<>(others.nodes);
        all.add(changed);
        all.sort(Comparator.comparing(LocalNode::nodeId));
        return new LocalNodes(revision + 1, List.copyOf(all));
    }

    LocalNodes without(String nodeId) {
        return new LocalNodes(
                revision + 1,
                nodes.stream().filter(node -> !node.nodeId().equals(nodeId)).toList());
    }
}
