package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.SidecarTemplate.Readiness;
import io.groupmembership.crds.SidecarTemplate.Startup;
import io.groupmembership.operator.injection.Refusal.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of a pod ask for, each value checked, so that a mistake is told to whoever creates the pod and
 * not to the log of a sidecar. An annotation of ours that nobody knows is a mistake too: a typing error would else go
 * unseen.
 *
 * @param cluster as it was written, without blanks
 * @param applicationPort where the application is reached: the annotation, else the first port of the first member
 *     container, else the heartbeat port
 * @param metadata as {@code key=value,key=value}, or empty
 */
record MemberOptions(
        Optional<String> cluster,
        Optional<Startup> startup,
        Optional<Readiness> readiness,
        int applicationPort,
        String metadata) {
    private static final String PREFIX = ApiGroup.NAME + "/";
    private static final List<String> KNOWN = List.of(
            MemberPod.CLUSTER_ANNOTATION,
            MemberPod.CONTAINERS_ANNOTATION,
            MemberPod.METADATA_ANNOTATION,
            MemberPod.ON_FENCE_ANNOTATION,
            MemberPod.PORT_ANNOTATION,
            MemberPod.READINESS_ANNOTATION,
            MemberPod.STARTUP_ANNOTATION);

    static MemberOptions read(Pod pod) throws RefusedException {
        Map<String, String> annotations = new TreeMap<>(MemberPod.annotations(pod));
        refuseUnknown(annotations);
        checkContainers(pod, annotations.get(MemberPod.CONTAINERS_ANNOTATION));
        checkOnFence(annotations.get(MemberPod.ON_FENCE_ANNOTATION));
        return new MemberOptions(
                cluster(pod),
                word(MemberPod.STARTUP_ANNOTATION, annotations, Startup.values()),
                word(MemberPod.READINESS_ANNOTATION, annotations, Readiness.values()),
                port(pod, annotations.get(MemberPod.PORT_ANNOTATION)),
                MetadataAnnotation.checked(annotations.getOrDefault(MemberPod.METADATA_ANNOTATION, "")));
    }

    /** The cluster as it was written, without blanks. */
    static Optional<String> cluster(Pod pod) {
        return Optional.ofNullable(MemberPod.annotations(pod).get(MemberPod.CLUSTER_ANNOTATION))
                .map(String::strip);
    }

    private static void refuseUnknown(Map<String, String> annotations) throws RefusedException {
        for (String key : annotations.keySet()) {
            if (key.startsWith(PREFIX) && !KNOWN.contains(key) && !key.equals(MemberPod.INJECTED_ANNOTATION)) {
                throw new RefusedException(
                        Reason.UNKNOWN_ANNOTATION,
                        "annotation " + key + " is unknown: a pod may have " + String.join(", ", KNOWN));
            }
        }
    }

    private static void checkContainers(Pod pod, @Nullable String text) throws RefusedException {
        if (text == null) {
            return;
        }
        List<String> there =
                MemberPod.containers(pod).stream().map(Container::getName).toList();
        for (String name : MemberPod.names(text)) {
            if (!there.contains(name)) {
                throw new RefusedException(
                        Reason.INVALID_ANNOTATION,
                        "annotation " + MemberPod.CONTAINERS_ANNOTATION + " must name containers of the pod ("
                                + String.join(", ", new TreeSet<>(there)) + "), separated by commas, not "
                                + Refusal.quoted(name));
            }
        }
    }

    /** What a sidecar does by itself is all that it can do: the application's process is no child of it. */
    private static void checkOnFence(@Nullable String text) throws RefusedException {
        if (text == null || text.strip().equals("notify")) {
            return;
        }
        String wanted = text.strip();
        String instead = wanted.equals("signal") || wanted.equals("stop")
                ? ": a sidecar can't signal or end what runs in another container. Let the application read the events"
                        + " member and fenced of http://127.0.0.1:" + MemberPod.LOCAL_API_PORT
                        + "/v1/watch, or run it as the command of an agent of its own (gm join --on-fence " + wanted
                        + " -- COMMAND), in a pod without the label " + MemberPod.GROUP_LABEL
                : "";
        throw new RefusedException(
                Reason.INVALID_ANNOTATION,
                "annotation " + MemberPod.ON_FENCE_ANNOTATION + " must be notify, not " + Refusal.quoted(text)
                        + instead);
    }

    private static <E extends Enum<E>> Optional<E> word(String key, Map<String, String> annotations, E[] values)
            throws RefusedException {
        String text = annotations.get(key);
        if (text == null) {
            return Optional.empty();
        }
        for (E value : values) {
            if (text.strip().equals(spelled(value))) {
                return Optional.of(value);
            }
        }
        throw new RefusedException(
                Reason.INVALID_ANNOTATION,
                "annotation " + key + " must be "
                        + Arrays.stream(values).map(MemberOptions::spelled).collect(Collectors.joining(" or "))
                        + ", not "
                        + Refusal.quoted(text));
    }

    private static String spelled(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static int port(Pod pod, @Nullable String text) throws RefusedException {
        if (text == null) {
            return firstPort(pod);
        }
        String digits = text.strip();
        boolean number = digits.matches("[1-9][0-9]{0,4}");
        int port = number ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > 65_535) {
            throw new RefusedException(
                    Reason.INVALID_ANNOTATION,
                    "annotation " + MemberPod.PORT_ANNOTATION + " must be a port from 1 to 65535, not "
                            + Refusal.quoted(text));
        }
        if (port == MemberPod.LOCAL_API_PORT || port == MemberPod.HEARTBEAT_PORT) {
            throw new RefusedException(
                    Reason.PORT_TAKEN,
                    "annotation " + MemberPod.PORT_ANNOTATION + " must not be " + port
                            + ": the sidecar listens there, and this is the application's port");
        }
        return port;
    }

    private static int firstPort(Pod pod) {
        List<String> members = MemberPod.memberContainers(pod);
        return MemberPod.containers(pod).stream()
                .filter(container -> members.contains(container.getName()))
                .findFirst()
                .map(Container::getPorts)
                .flatMap(ports -> ports.stream().findFirst())
                .map(ContainerPort::getContainerPort)
                .orElse(MemberPod.HEARTBEAT_PORT);
    }
}
