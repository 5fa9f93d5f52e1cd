package io.groupmembership.operator.injection;

import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.protocol.Names;
import java.util.Comparator;
import java.util.Optional;

/** Which GroupMembershipCluster: its namespace and name, written {@code NAMESPACE/NAME}. */
public record ClusterKey(String namespace, String name) implements Comparable<ClusterKey> {
    private static final Comparator<ClusterKey> ORDER =
            Comparator.comparing(ClusterKey::namespace).thenComparing(ClusterKey::name);

    /** Reads {@code NAME}, which means a cluster of the pod's own namespace, or {@code NAMESPACE/NAME}. */
    public static Optional<ClusterKey> parse(String text, String ownNamespace) {
        int slash = text.indexOf('/');
        String namespace = slash < 0 ? ownNamespace : text.substring(0, slash);
        String name = text.substring(slash + 1);
        boolean good = Names.namespaceProblem(namespace).isEmpty()
                && Names.namespaceProblem(name).isEmpty();
        return good ? Optional.of(new ClusterKey(namespace, name)) : Optional.empty();
    }

    public static ClusterKey of(GroupMembershipCluster cluster) {
        return new ClusterKey(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }

    /**
     * Where the nodes of the cluster serve clients.
     *
     * @param scheme http or https
     */
    public String clientUrl(String scheme) {
        return scheme + "://" + name + "." + namespace + ".svc:" + MemberPod.NODE_PORT;
    }

    @Override
    public int compareTo(ClusterKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
