package io.groupmembership.operator.cluster;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A label selector as the {@code labelSelector} parameter of a list has it. */
final class LabelSelectorText {
    private LabelSelectorText() {}

    /** Empty where it matches everything. */
    static String of(@Nullable LabelSelector selector) {
        if (selector == null) {
            return "";
        }
        List<String> terms = new ArrayList<>();
        Map<String, String> labels = selector.getMatchLabels();
        if (labels != null) {
            new TreeMap<>(labels).forEach((key, value) -> terms.add(key + "=" + value));
        }
        selector.getMatchExpressions().stream().map(LabelSelectorText::term).forEach(terms::add);
        return String.join(",", terms);
    }

    private static String term(LabelSelectorRequirement requirement) {
        String values = "(" + String.join(",", requirement.getValues()) + ")";
        return switch (requirement.getOperator()) {
            case "In" -> requirement.getKey() + " in " + values;
            case "NotIn" -> requirement.getKey() + " notin " + values;
            case "Exists" -> requirement.getKey();
            case "DoesNotExist" -> "!" + requirement.getKey();
            default -> throw new IllegalStateException("no operator of a selector: " + requirement.getOperator());
        };
    }
}
