package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the sidecar requests and may use: the cluster's template, bent so that the pod keeps its quality of service.
 *
 * <ul>
 *   <li>A Guaranteed pod (every container has limits of CPU and memory, and requests as much) stays Guaranteed: the
 *       sidecar's limits are the template's, or where it has none its request and at least {@value #GUARANTEED_CPU} of
 *       CPU and {@value #GUARANTEED_MEMORY} of memory, and its requests equal them.
 *   <li>What the pod itself limits ({@code spec.resources}) is the pod's to share out: the sidecar then says nothing of
 *       that resource, as the containers together may not request more than the pod.
 * </ul>
 */
final class SidecarResources {
    static final String GUARANTEED_CPU = "100m";
    static final String GUARANTEED_MEMORY = "96Mi";

    private SidecarResources() {}

    static ResourceRequirements of(ResourceRequirements template, Pod pod) {
        Map<String, Quantity> requests = new TreeMap<>(orEmpty(template.getRequests()));
        Map<String, Quantity> limits = new TreeMap<>(orEmpty(template.getLimits()));
        if (isGuaranteed(pod)) {
            guarantee("cpu", GUARANTEED_CPU, requests, limits);
            guarantee("memory", GUARANTEED_MEMORY, requests, limits);
        }
        ResourceRequirements ofPod = MemberPod.spec(pod).getResources();
        if (ofPod != null) {
            Stream.of(orEmpty(ofPod.getRequests()), orEmpty(ofPod.getLimits()))
                    .flatMap(map -> map.keySet().stream())
                    .forEach(resource -> {
                        requests.remove(resource);
                        limits.remove(resource);
                    });
        }
        return new ResourceRequirementsBuilder()
                .withRequests(requests)
                .withLimits(limits)
                .build();
    }

    private static void guarantee(
            String resource, String least, Map<String, Quantity> requests, Map<String, Quantity> limits) {
        Quantity limit = Optional.ofNullable(limits.get(resource))
                .orElseGet(() -> larger(new Quantity(least), Optional.ofNullable(requests.get(resource))));
        limits.put(resource, limit);
        requests.put(resource, limit);
    }

    private static Quantity larger(Quantity one, Optional<Quantity> other) {
        return other.filter(quantity -> quantity.getNumericalAmount().compareTo(one.getNumericalAmount()) > 0)
                .orElse(one);
    }

    private static boolean isGuaranteed(Pod pod) {
        List<Container> all = Stream.of(MemberPod.initContainers(pod), MemberPod.containers(pod))
                .flatMap(List::stream)
                .toList();
        return !all.isEmpty()
                && all.stream()
                        .allMatch(container -> isFixed("cpu", container.getResources())
                                && isFixed("memory", container.getResources()));
    }

    /** A limit without a request is a request of as much: the API server fills it in. */
    private static boolean isFixed(String resource, @Nullable ResourceRequirements resources) {
        if (resources == null) {
            return false;
        }
        Quantity limit = orEmpty(resources.getLimits()).get(resource);
        Quantity request = orEmpty(resources.getRequests()).get(resource);
        return limit != null
                && (request == null || limit.getNumericalAmount().compareTo(request.getNumericalAmount()) == 0);
    }

    private static Map<String, Quantity> orEmpty(@Nullable Map<String, Quantity> map) {
        return map == null ? Map.of() : map;
    }
}
