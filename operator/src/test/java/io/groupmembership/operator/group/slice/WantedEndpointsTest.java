package io.groupmembership.operator.group.slice;

import static io.groupmembership.operator.group.slice.TestServices.fixed;
import static io.groupmembership.operator.group.slice.TestServices.ipv4;
import static io.groupmembership.operator.group.slice.TestServices.named;
import static io.groupmembership.operator.group.slice.TestServices.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.follow.MirroredMember;
import io.groupmembership.operator.pod.PodView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class WantedEndpointsTest {
    private static final GroupKey ORDERS = new GroupKey("shop", "orders");

    private final MemberPods pods = new MemberPods();

    private SequencedMap<SliceSet, SequencedMap<UUID, SliceEndpoint>> wanted(ServiceView service) {
        return WantedEndpoints.of(service, ORDERS, pods.members(), pods::byUid);
    }

    private SliceEndpoint only(ServiceView service) {
        Map<UUID, SliceEndpoint> endpoints = wanted(service).firstEntry().getValue();
        return endpoints.values().iterator().next();
    }

    @Test
    void eachMemberThatIsAPodIsAnEndpoint() {
        pods.add(0);
        pods.add(1);

        var wanted = wanted(ipv4(fixed("", 8080)));

        SliceSet set =
                new SliceSet(AddressType.IPV4, List.of(new SlicePort("", "TCP", Optional.of(8080), Optional.empty())));
        assertThat(wanted).containsOnlyKeys(set);
        assertThat(wanted.firstEntry().getValue().values())
                .extracting(SliceEndpoint::address)
                .containsExactly("10.0.0.0", "10.0.0.1");
        assertThat(only(ipv4(fixed("", 8080))))
                .isEqualTo(new SliceEndpoint(
                        Optional.of(MemberPods.uid(0)),
                        "orders-0",
                        "10.0.0.0",
                        true,
                        true,
                        false,
                        "worker-0",
                        "zone-a",
                        ""));
    }

    @Test
    void readyMeansThatTheApplicationIsReadyAndNotTerminating() {
        record Row(boolean ready, boolean terminating, boolean wantedReady, boolean wantedServing) {}
        PodView pod = pods.add(0);
        for (Row row : List.of(
                new Row(true, false, true, true),
                new Row(false, false, false, false),
                new Row(true, true, false, true),
                new Row(false, true, false, false))) {
            pods.add(MemberPods.with(pod, row.ready, row.terminating, "Running"));
            SliceEndpoint endpoint = only(ipv4());
            assertThat(endpoint.ready()).as(row.toString()).isEqualTo(row.wantedReady);
            assertThat(endpoint.serving()).as(row.toString()).isEqualTo(row.wantedServing);
            assertThat(endpoint.terminating()).isEqualTo(row.terminating);
        }
    }

    @Test
    void aServiceMayAskForWhatIsNotReady() {
        pods.add(MemberPods.with(MemberPods.pod(0, 80), false, false, "Running"));
        ServiceView service = new ServiceView(
                "shop", "orders", "1", "u", false, false, true, true, false, List.of(), EnumSet.of(AddressType.IPV4));

        assertThat(only(service).ready()).isTrue();
        assertThat(only(service).serving()).isFalse();
    }

    @Test
    void aMemberIsBelievedOnlyWhereThePodAgrees() {
        PodView pod = MemberPods.pod(0, 80);
        List<MirroredMember> members = List.of(new MirroredMember("orders-0", 1, Optional.of(pod.uid())));
        for (PodView other : List.of(
                MemberPods.named(pod, "elsewhere", "orders-0", "orders", "", ""),
                MemberPods.named(pod, "shop", "orders-1", "orders", "", ""),
                MemberPods.named(pod, "shop", "orders-0", "carts", "", ""),
                MemberPods.with(pod, true, false, "Succeeded"),
                MemberPods.with(pod, true, false, "Failed"))) {
            assertThat(WantedEndpoints.of(ipv4(), ORDERS, members, uid -> Optional.of(other)))
                    .as(other.toString())
                    .isEmpty();
        }
        assertThat(WantedEndpoints.of(ipv4(), ORDERS, members, uid -> Optional.of(pod)))
                .hasSize(1);
        assertThat(WantedEndpoints.of(ipv4(), ORDERS, members, uid -> Optional.empty()))
                .isEmpty();
    }

    @Test
    void aPlainProcessIsNoEndpoint() {
        List<MirroredMember> members = List.of(new MirroredMember("plain", 1, Optional.empty()));

        assertThat(WantedEndpoints.of(ipv4(), ORDERS, members, pods::byUid)).isEmpty();
    }

    @Test
    void podsWithOtherNumbersForANamedPortAreSetsOfTheirOwn() {
        pods.add(MemberPods.pod(0, 8080));
        pods.add(MemberPods.pod(1, 9090));
        pods.add(MemberPods.pod(2, 8080));

        var wanted = wanted(ipv4(named("web", "http"), fixed("admin", 99)));

        List<Integer> ports = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        wanted.forEach((set, endpoints) -> {
            ports.add(set.ports().getFirst().port().orElseThrow());
            counts.add(endpoints.size());
            assertThat(set.ports().getFirst().appProtocol()).contains("http");
            assertThat(set.ports().getLast().port()).contains(99);
        });
        assertThat(ports).containsExactly(8080, 9090);
        assertThat(counts).containsExactly(2, 1);
    }

    @Test
    void aNamedPortThatNoContainerHasWithItsProtocolIsLeftOut() {
        pods.add(0);

        var wanted = wanted(ipv4(named("web", "http"), named("names", "dns"), named("none", "nowhere")));

        assertThat(wanted.firstEntry().getKey().ports())
                .extracting(SlicePort::name)
                .containsExactly("web");
    }

    @Test
    void eachAddressFamilyOfTheServiceIsASet() {
        pods.add(0);

        var wanted = wanted(service(EnumSet.allOf(AddressType.class), fixed("", 80)));

        assertThat(wanted.keySet()).extracting(SliceSet::type).containsExactly(AddressType.IPV4, AddressType.IPV6);
        assertThat(wanted.lastEntry().getValue().values())
                .extracting(SliceEndpoint::address)
                .containsExactly("fd00::1");
    }

    @Test
    void aPodOfTheServicesSubdomainKeepsItsHostName() {
        PodView pod = MemberPods.pod(0, 80);
        pods.add(MemberPods.named(pod, "shop", "orders-0", "orders", "orders-0", "orders"));
        assertThat(only(ipv4()).hostname()).isEqualTo("orders-0");

        pods.add(MemberPods.named(pod, "shop", "orders-0", "orders", "orders-0", "another"));
        assertThat(only(ipv4()).hostname()).isEmpty();
    }

    @Test
    void statesOfAPodThatMakeTheSameEndpointDoNotDiffer() {
        PodView pod = MemberPods.pod(0, 80);

        assertThat(WantedEndpoints.differ(pod, MemberPods.pod(0, 80))).isFalse();
        assertThat(WantedEndpoints.differ(pod, MemberPods.with(pod, false, false, "Running")))
                .isTrue();
        assertThat(WantedEndpoints.differ(pod, MemberPods.with(pod, true, true, "Running")))
                .isTrue();
        assertThat(WantedEndpoints.differ(pod, MemberPods.with(pod, true, false, "Failed")))
                .isTrue();
    }
}
