package io.groupmembership.operator.group.slice;

import io.groupmembership.operator.group.follow.MirroredMember;
import io.groupmembership.operator.pod.ContainerState;
import io.groupmembership.operator.pod.ContainerView;
import io.groupmembership.operator.pod.PodView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Pods that are members of the group shop/orders. */
final class MemberPods {
    private final Map<UUID, PodView> pods = new LinkedHashMap<>();

    /** A pod that is ready, with a port named http. */
    PodView add(int number) {
        return add(pod(number, 8080));
    }

    PodView add(PodView pod) {
        pods.put(pod.uid(), pod);
        return pod;
    }

    void change(int number, UnaryOperator<PodView> how) {
        pods.computeIfPresent(uid(number), (uid, pod) -> how.apply(pod));
    }

    void remove(int number) {
        pods.remove(uid(number));
    }

    Optional<PodView> byUid(UUID uid) {
        return Optional.ofNullable(pods.get(uid));
    }

    /** A member for each pod, in the order in which they were added. */
    List<MirroredMember> members() {
        return pods.values().stream()
                .map(pod -> new MirroredMember(pod.name(), pod.uid().getLeastSignificantBits(), Optional.of(pod.uid())))
                .toList();
    }

    static UUID uid(int number) {
        return new UUID(1, number);
    }

    static PodView pod(int number, int httpPort) {
        return new PodView(
                "shop",
                "orders-" + number,
                uid(number),
                "1",
                "orders",
                List.of("10.0." + number / 250 + "." + number % 250, "fd00::" + Integer.toHexString(number + 1)),
                "Running",
                true,
                false,
                "worker-" + number % 3,
                "zone-a",
                "",
                "",
                Optional.empty(),
                true,
                List.of("app"),
                List.of(new ContainerView(
                        "app",
                        "containerd://" + number,
                        new ContainerState.Running(),
                        Optional.empty(),
                        0,
                        false,
                        List.of(
                                new ContainerView.PortView("http", httpPort, "TCP"),
                                new ContainerView.PortView("dns", 53, "UDP")))),
                Optional.empty());
    }

    static PodView with(PodView pod, boolean ready, boolean terminating, String phase) {
        return new PodView(
                pod.namespace(),
                pod.name(),
                pod.uid(),
                pod.resourceVersion(),
                pod.group(),
                pod.ips(),
                phase,
                ready,
                terminating,
                pod.nodeName(),
                pod.zone(),
                pod.hostname(),
                pod.subdomain(),
                pod.cluster(),
                pod.injected(),
                pod.memberContainers(),
                pod.containers(),
                Optional.empty());
    }

    static PodView named(PodView pod, String namespace, String name, String group, String hostname, String subdomain) {
        return new PodView(
                namespace,
                name,
                pod.uid(),
                pod.resourceVersion(),
                group,
                pod.ips(),
                pod.phase(),
                pod.ready(),
                pod.terminating(),
                pod.nodeName(),
                pod.zone(),
                hostname,
                subdomain,
                pod.cluster(),
                pod.injected(),
                pod.memberContainers(),
                pod.containers(),
                Optional.empty());
    }
}
