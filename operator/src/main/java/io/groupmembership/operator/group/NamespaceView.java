package io.groupmembership.operator.group;

import io.fabric8.kubernetes.api.model.Namespace;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.operator.group.GroupFacts.NamespaceVerdict;
import io.groupmembership.operator.informer.SlimInformer;
import io.groupmembership.operator.injection.NamespaceRule;
import io.groupmembership.operator.injection.PodNamespace;
import java.util.Map;
import java.util.Optional;

/** A namespace, as far as clusters care. */
record NamespaceView(String name, String resourceVersion, Map<String, String> labels, boolean beingDeleted)
        implements SlimInformer.View {
    static NamespaceView of(Namespace namespace) {
        var metadata = namespace.getMetadata();
        return new NamespaceView(
                metadata.getName(),
                metadata.getResourceVersion() == null ? "" : metadata.getResourceVersion(),
                metadata.getLabels() == null ? Map.of() : Map.copyOf(metadata.getLabels()),
                metadata.getDeletionTimestamp() != null);
    }

    /** Namespaces are in none. */
    @Override
    public String namespace() {
        return "";
    }

    static NamespaceVerdict verdict(Optional<NamespaceView> namespace, GroupMembershipCluster cluster) {
        if (namespace.isEmpty() || namespace.get().beingDeleted()) {
            return NamespaceVerdict.MISSING;
        }
        NamespaceView there = namespace.get();
        return NamespaceRule.allows(cluster, new PodNamespace(there.name(), there.labels(), Map.of()))
                ? NamespaceVerdict.ALLOWED
                : NamespaceVerdict.NOT_ALLOWED;
    }
}
