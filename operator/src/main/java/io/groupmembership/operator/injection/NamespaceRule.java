package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.groupmembership.crds.AllowedNamespaces;
import io.groupmembership.crds.GroupMembershipCluster;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a cluster lets the pods of a namespace join: {@code spec.allowedNamespaces}. A selector is matched as
 * Kubernetes does it: every requirement must hold, NotIn holds where the label is absent, and an empty selector matches
 * all. What can't be read (no selector, an operator that is none) allows nobody.
 */
public final class NamespaceRule {
    private NamespaceRule() {}

    public static boolean allows(GroupMembershipCluster cluster, PodNamespace namespace) {
        AllowedNamespaces allowed = cluster.getSpec().allowedNamespacesOrDefault();
        return switch (allowed.fromOrDefault()) {
            case SAME -> namespace.name().equals(cluster.getMetadata().getNamespace());
            case ALL -> true;
            case SELECTOR -> matches(allowed.selector(), namespace.labels());
        };
    }

    private static boolean matches(@Nullable LabelSelector selector, Map<String, String> labels) {
        if (selector == null) {
            return false;
        }
        Map<String, String> exact = selector.getMatchLabels();
        List<LabelSelectorRequirement> requirements = selector.getMatchExpressions();
        return (exact == null
                        || exact.entrySet().stream()
                                .allMatch(label -> label.getValue().equals(labels.get(label.getKey()))))
                && (requirements == null || requirements.stream().allMatch(requirement -> holds(requirement, labels)));
    }

    private static boolean holds(LabelSelectorRequirement requirement, Map<String, String> labels) {
        String value = labels.get(requirement.getKey());
        List<String> values = requirement.getValues() == null ? List.of() : requirement.getValues();
        return switch (requirement.getOperator()) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
