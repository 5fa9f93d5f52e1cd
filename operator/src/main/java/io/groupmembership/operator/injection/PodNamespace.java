package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.Namespace;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The namespace that a pod is created in, as far as it matters here. */
public record PodNamespace(String name, Map<String, String> labels, Map<String, String> annotations) {
    public PodNamespace {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    public static PodNamespace of(Namespace namespace) {
        return new PodNamespace(
                namespace.getMetadata().getName(),
                orEmpty(namespace.getMetadata().getLabels()),
                orEmpty(namespace.getMetadata().getAnnotations()));
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
