package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the nodes run.
 *
 * @param topologySpreadConstraints empty: spread over zones and machines as well as can be
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Scheduling(
        Map<String, String> nodeSelector,
        List<Toleration> tolerations,
        List<TopologySpreadConstraint> topologySpreadConstraints,
        @Nullable String priorityClassName) {
    public static final Scheduling EMPTY = new Scheduling(null, null, null, null);

    public Scheduling(
            @Nullable Map<String, String> nodeSelector,
            @Nullable List<Toleration> tolerations,
            @Nullable List<TopologySpreadConstraint> topologySpreadConstraints,
            @Nullable String priorityClassName) {
        this.nodeSelector = nodeSelector == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(nodeSelector));
        this.tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        this.topologySpreadConstraints =
                topologySpreadConstraints == null ? List.of() : List.copyOf(topologySpreadConstraints);
        this.priorityClassName = priorityClassName;
    }
}
