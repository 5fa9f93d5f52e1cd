package io.groupmembership.operator.group.slice;

import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.follow.MirroredMember;
import io.groupmembership.operator.pod.PodView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * The endpoints that a Service should have: one for each member of the view that is a pod, in join order.
 *
 * <p>A member says itself which pod it is, so it is believed only where the pod agrees: same UID, same name as the
 * member, in the group's own namespace, labelled with the group, and not ended. Addresses are the pod's, whatever the
 * member says. A member that is no pod, or whose pod is not known, is no endpoint.
 */
public final class WantedEndpoints {
    private WantedEndpoints() {}

    /** @param pods finds a labelled pod by its UID */
    public static SequencedMap<SliceSet, SequencedMap<UUID, SliceEndpoint>> of(
            ServiceView service, GroupKey group, List<MirroredMember> members, Function<UUID, Optional<PodView>> pods) {
        SequencedMap<SliceSet, SequencedMap<UUID, SliceEndpoint>> wanted = new LinkedHashMap<>();
        Map<List<SlicePort>, List<SlicePort>> shared = new LinkedHashMap<>();
        for (MirroredMember member : members) {
            Optional<PodView> pod = member.podUid().flatMap(pods).filter(found -> isMember(found, group, member));
            if (pod.isPresent()) {
                List<SlicePort> ports = ports(service, pod.get());
                List<SlicePort> same = shared.computeIfAbsent(ports, first -> first);
                for (AddressType type : service.types()) {
                    address(pod.get(), type)
                            .ifPresent(address -> wanted.computeIfAbsent(
                                            new SliceSet(type, same), set -> new LinkedHashMap<>())
                                    .put(pod.get().uid(), endpoint(service, pod.get(), address)));
                }
            }
        }
        return wanted;
    }

    /** Whether two states of one pod may make different endpoints. */
    public static boolean differ(PodView before, PodView after) {
        return before.ready() != after.ready()
                || before.terminating() != after.terminating()
                || before.hasEnded() != after.hasEnded()
                || !before.uid().equals(after.uid())
                || !before.group().equals(after.group())
                || !before.ips().equals(after.ips())
                || !before.nodeName().equals(after.nodeName())
                || !before.zone().equals(after.zone());
    }

    private static boolean isMember(PodView pod, GroupKey group, MirroredMember member) {
        return pod.namespace().equals(group.namespace())
                && pod.group().equals(group.name())
                && pod.name().equals(member.memberId())
                && !pod.hasEnded();
    }

    /** A port whose name no container has is left out, as Kubernetes does it. */
    private static List<SlicePort> ports(ServiceView service, PodView pod) {
        List<SlicePort> ports = new ArrayList<>(service.ports().size());
        for (ServiceView.Port port : service.ports()) {
            Optional<Integer> number = switch (port.target()) {
                case ServiceView.Target.Fixed(int fixed) -> Optional.of(fixed);
                case ServiceView.Target.Named(String name) -> pod.port(name, port.protocol());
            };
            if (number.isPresent()) {
                ports.add(new SlicePort(port.name(), port.protocol(), number, port.appProtocol()));
            }
        }
        return List.copyOf(ports);
    }

    private static Optional<String> address(PodView pod, AddressType type) {
        return pod.ips().stream().filter(ip -> AddressType.of(ip) == type).findFirst();
    }

    private static SliceEndpoint endpoint(ServiceView service, PodView pod, String address) {
        boolean serving = pod.ready();
        return new SliceEndpoint(
                Optional.of(pod.uid()),
                pod.name(),
                address,
                service.publishNotReady() || (serving && !pod.terminating()),
                serving,
                pod.terminating(),
                pod.nodeName(),
                pod.zone(),
                pod.subdomain().equals(service.name()) ? pod.hostname() : "");
    }
}
