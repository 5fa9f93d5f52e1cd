package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.groupmembership.crds.ApiGroup;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a member's pod has of ours: a label that asks for membership, annotations that say how, and, once injected, a
 * sidecar. Whoever meets such a pod reads it here.
 */
public final class MemberPod {
    /** Asks for injection; its value is the group's name. */
    public static final String GROUP_LABEL = ApiGroup.NAME + "/group";

    public static final String CLUSTER_ANNOTATION = ApiGroup.NAME + "/cluster";
    public static final String STARTUP_ANNOTATION = ApiGroup.NAME + "/startup";
    public static final String READINESS_ANNOTATION = ApiGroup.NAME + "/readiness";
    public static final String PORT_ANNOTATION = ApiGroup.NAME + "/port";
    public static final String CONTAINERS_ANNOTATION = ApiGroup.NAME + "/containers";
    public static final String METADATA_ANNOTATION = ApiGroup.NAME + "/metadata";
    public static final String ON_FENCE_ANNOTATION = ApiGroup.NAME + "/on-fence";

    /** Set by the webhook: the image that it injected. */
    public static final String INJECTED_ANNOTATION = ApiGroup.NAME + "/injected";

    public static final String SIDECAR_NAME = "groupmembership";

    /** On loopback: the agent's API for its application (TCP). */
    public static final int LOCAL_API_PORT = 7117;

    /** On the pod's address: heartbeats (UDP) and probes (TCP). */
    public static final int HEARTBEAT_PORT = 7118;

    /** Where a node serves clients. */
    public static final int NODE_PORT = 7700;

    private MemberPod() {}

    /** The group that the pod asks to be in; the value is not checked. */
    public static Optional<String> group(Pod pod) {
        return Optional.ofNullable(labels(pod).get(GROUP_LABEL));
    }

    /**
     * The injected sidecar. It is known by its name, by being a native sidecar and by our annotation; not by its image,
     * which other webhooks may rewrite.
     */
    public static Optional<Container> sidecar(Pod pod) {
        if (!annotations(pod).containsKey(INJECTED_ANNOTATION)) {
            return Optional.empty();
        }
        return initContainers(pod).stream()
                .filter(container ->
                        SIDECAR_NAME.equals(container.getName()) && "Always".equals(container.getRestartPolicy()))
                .findFirst();
    }

    /** The cluster of an injected pod. */
    public static Optional<ClusterKey> cluster(Pod pod, String namespace) {
        return Optional.ofNullable(annotations(pod).get(CLUSTER_ANNOTATION))
                .flatMap(text -> ClusterKey.parse(text.strip(), namespace));
    }

    /** The containers that make up the member: those that the annotation names, else all that are not sidecars. */
    public static List<String> memberContainers(Pod pod) {
        String text = annotations(pod).get(CONTAINERS_ANNOTATION);
        return text == null ? containers(pod).stream().map(Container::getName).toList() : names(text);
    }

    /** A list as annotations have it: with commas, and blanks that mean nothing. */
    static List<String> names(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).distinct().toList();
    }

    static Map<String, String> annotations(Pod pod) {
        return pod.getMetadata() == null ? Map.of() : orEmpty(pod.getMetadata().getAnnotations());
    }

    static PodSpec spec(Pod pod) {
        return pod.getSpec() == null ? new PodSpec() : pod.getSpec();
    }

    static List<Container> containers(Pod pod) {
        return orEmpty(spec(pod).getContainers());
    }

    static List<Container> initContainers(Pod pod) {
        return orEmpty(spec(pod).getInitContainers());
    }

    private static Map<String, String> labels(Pod pod) {
        return pod.getMetadata() == null ? Map.of() : orEmpty(pod.getMetadata().getLabels());
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
