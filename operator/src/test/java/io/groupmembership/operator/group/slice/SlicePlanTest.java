package io.groupmembership.operator.group.slice;

import static io.groupmembership.operator.group.slice.TestServices.fixed;
import static io.groupmembership.operator.group.slice.TestServices.ipv4;
import static io.groupmembership.operator.group.slice.TestServices.named;
import static io.groupmembership.operator.group.slice.TestServices.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.slice.SlicePlan.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SlicePlanTest {
    private static final GroupKey ORDERS = new GroupKey("shop", "orders");
    private static final String CLUSTER = "platform/gm";

    private final MemberPods pods = new MemberPods();
    private final TreeMap<String, SliceView> slices = new TreeMap<>();
    private ServiceView service = ipv4(named("web", "http"));
    private long version;

    private SlicePlan plan() {
        return SlicePlan.of(
                service,
                CLUSTER,
                WantedEndpoints.of(service, ORDERS, pods.members(), pods::byUid),
                List.copyOf(slices.values()));
    }

    /** Carries a plan out as the API server would. */
    private List<Change> settle() {
        List<Change> changes = plan().changes();
        changes.forEach(this::carryOut);
        assertThat(plan().changes()).as("done once, nothing is left to do").isEmpty();
        return changes;
    }

    private void carryOut(Change change) {
        switch (change) {
            case Change.Create(SliceView slice) -> {
                assertThat(slices).doesNotContainKey(slice.name());
                slices.put(slice.name(), versioned(slice));
            }
            case Change.Update(SliceView slice) -> {
                Optional<SliceView> seen = Optional.ofNullable(slices.put(slice.name(), versioned(slice)));
                assertThat(seen.map(SliceView::resourceVersion)).contains(slice.resourceVersion());
            }
            case Change.Delete(SliceView slice) -> slices.remove(slice.name());
        }
    }

    private SliceView versioned(SliceView slice) {
        return new SliceView(
                slice.namespace(),
                slice.name(),
                Long.toString(++version),
                slice.service(),
                slice.ownerUid(),
                slice.cluster(),
                slice.set(),
                slice.endpoints());
    }

    private void givenPods(int from, int to) {
        for (int number = from; number < to; number++) {
            pods.add(number);
        }
    }

    private List<Integer> sizes() {
        return slices.values().stream().map(slice -> slice.endpoints().size()).toList();
    }

    private Map<UUID, String> places() {
        Map<UUID, String> places = new HashMap<>();
        slices.values()
                .forEach(slice -> slice.endpoints()
                        .forEach(endpoint -> places.put(endpoint.podUid().orElseThrow(), slice.name())));
        return places;
    }

    @Test
    void anEmptyGroupHasNoSlices() {
        assertThat(settle()).isEmpty();
    }

    @Test
    void aSliceHasAtMostAHundredEndpoints() {
        givenPods(0, 250);

        settle();

        assertThat(sizes()).containsExactly(100, 100, 50);
        assertThat(slices.firstEntry().getKey()).startsWith("orders-gm-").endsWith("-0");
        assertThat(slices.values())
                .allSatisfy(slice -> assertThat(slice.ownerUid()).isEqualTo("svc-1"));
    }

    @Test
    void whoLeavesChangesItsOwnSliceOnly() {
        givenPods(0, 250);
        settle();

        pods.remove(120);
        assertThat(settle()).singleElement().isInstanceOf(Change.Update.class);
        assertThat(sizes()).containsExactly(100, 99, 50);
    }

    @Test
    void aThousandThatDieTogetherAreOneChangeForEachSlice() {
        givenPods(0, 1_000);
        settle();
        for (int number = 0; number < 1_000; number += 2) {
            pods.remove(number);
        }

        assertThat(settle()).hasSize(10).hasOnlyElementsOfType(Change.Update.class);
    }

    @Test
    void whoJoinsFillsTheSliceThatChangesAnyway() {
        givenPods(0, 250);
        settle();
        pods.remove(10);
        givenPods(250, 251);

        assertThat(settle()).singleElement().isInstanceOf(Change.Update.class);
        assertThat(sizes()).containsExactly(100, 100, 50);
    }

    @Test
    void whoJoinsAloneGoesIntoTheFullestSliceThatHasRoom() {
        givenPods(0, 250);
        settle();
        pods.remove(0);
        settle();
        assertThat(sizes()).containsExactly(99, 100, 50);

        givenPods(250, 251);
        settle();
        assertThat(sizes()).containsExactly(100, 100, 50);
    }

    @Test
    void manyThatJoinMakeNewSlicesAndTheRestGoesWhereThereIsRoom() {
        givenPods(0, 150);
        settle();
        givenPods(150, 270);

        settle();
        assertThat(sizes()).containsExactlyInAnyOrder(100, 70, 100);
    }

    @Test
    void noEndpointMovesUnlessItsPortsDo() {
        givenPods(0, 350);
        settle();
        Map<UUID, String> before = places();
        for (int number = 0; number < 350; number += 7) {
            pods.remove(number);
        }
        givenPods(350, 480);
        settle();

        Map<UUID, String> after = places();
        before.keySet().retainAll(after.keySet());
        assertThat(after).containsAllEntriesOf(before);
    }

    @Test
    void aSliceThatIsLeftEmptyGoes() {
        givenPods(0, 150);
        settle();
        for (int number = 100; number < 150; number++) {
            pods.remove(number);
        }

        assertThat(settle()).singleElement().isInstanceOf(Change.Delete.class);
        assertThat(sizes()).containsExactly(100);
    }

    @Test
    void aPodThatIsNotReadyAnyMoreChangesItsSlice() {
        givenPods(0, 3);
        settle();
        pods.change(1, pod -> MemberPods.with(pod, false, false, "Running"));

        assertThat(settle()).singleElement().isInstanceOf(Change.Update.class);
        assertThat(slices.firstEntry().getValue().endpoints())
                .extracting(SliceEndpoint::ready)
                .containsExactly(true, false, true);
    }

    @Test
    void whenPortsChangeNewSlicesComeBeforeOldOnesGo() {
        givenPods(0, 150);
        settle();
        service = ipv4(fixed("web", 9999));

        List<Change> changes = settle();

        assertThat(changes)
                .extracting(change -> change.getClass().getSimpleName())
                .containsExactly("Create", "Create", "Delete", "Delete");
        assertThat(sizes()).containsExactlyInAnyOrder(100, 50);
    }

    @Test
    void bothAddressFamiliesHaveTheirSlices() {
        service = service(EnumSet.allOf(AddressType.class), named("web", "http"));
        givenPods(0, 120);
        settle();

        assertThat(slices.values())
                .extracting(slice -> slice.set().type())
                .containsExactlyInAnyOrder(AddressType.IPV4, AddressType.IPV4, AddressType.IPV6, AddressType.IPV6);
    }

    @Test
    void theSliceOfAServiceThatIsGoneIsReplaced() {
        givenPods(0, 2);
        settle();
        String old = slices.firstEntry().getKey();
        service = new ServiceView(
                "shop", "orders", "9", "svc-2", false, false, false, false, false, service.ports(), service.types());

        assertThat(settle())
                .extracting(change -> change.getClass().getSimpleName())
                .containsExactly("Create", "Delete");
        assertThat(slices).doesNotContainKey(old).hasSize(1);
    }

    @Test
    void whatSomebodyElseWroteIntoASliceIsSetRight() {
        givenPods(0, 2);
        settle();
        SliceView slice = slices.firstEntry().getValue();
        SliceEndpoint foreign = new SliceEndpoint(Optional.empty(), "", "10.9.9.9", true, true, false, "", "", "");
        List<SliceEndpoint> endpoints = new ArrayList<>(slice.endpoints());
        endpoints.add(foreign);
        endpoints.add(slice.endpoints().getFirst());
        slices.put(
                slice.name(),
                new SliceView("shop", slice.name(), "77", "orders", "svc-1", "x/y", slice.set(), endpoints));

        settle();
        assertThat(slices.firstEntry().getValue().endpoints()).isEqualTo(slice.endpoints());
        assertThat(slices.firstEntry().getValue().cluster()).isEqualTo(CLUSTER);
    }

    @Test
    void everythingGoesWhereNothingOfOursBelongs() {
        givenPods(0, 150);
        settle();

        SlicePlan removal = SlicePlan.removal(List.copyOf(slices.values()));
        assertThat(removal.changes()).hasSize(2).hasOnlyElementsOfType(Change.Delete.class);
    }

    /** Whatever happens to pods and ports: the endpoints are those that are wanted, no more, each once. */
    @Test
    void afterAnyHistoryTheSlicesHaveExactlyTheEndpointsThatAreWanted() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            SlicePlanTest run = new SlicePlanTest();
            int next = 0;
            for (int step = 0; step < 20; step++) {
                for (int add = random.nextInt(150); add > 0; add--) {
                    run.pods.add(MemberPods.pod(next++, random.nextInt(3) == 0 ? 9090 : 8080));
                }
                for (int number = 0; number < next; number++) {
                    int dice = random.nextInt(6);
                    if (dice == 0) {
                        run.pods.remove(number);
                    } else if (dice == 1) {
                        boolean ready = random.nextBoolean();
                        run.pods.change(number, pod -> MemberPods.with(pod, ready, false, "Running"));
                    }
                }
                if (random.nextInt(8) == 0) {
                    run.service = ipv4(random.nextBoolean() ? named("web", "http") : fixed("web", 1));
                }
                run.settle();
                run.checkEndpoints();
            }
        }
    }

    private void checkEndpoints() {
        Map<SliceSet, Map<UUID, SliceEndpoint>> wanted = new HashMap<>();
        WantedEndpoints.of(service, ORDERS, pods.members(), pods::byUid)
                .forEach((set, endpoints) -> wanted.put(set, new HashMap<>(endpoints)));
        Map<SliceSet, Map<UUID, SliceEndpoint>> found = new LinkedHashMap<>();
        Set<UUID> seen = new HashSet<>();
        for (SliceView slice : slices.values()) {
            assertThat(slice.endpoints()).hasSizeBetween(1, SlicePlan.MOST_ENDPOINTS);
            for (SliceEndpoint endpoint : slice.endpoints()) {
                UUID uid = endpoint.podUid().orElseThrow();
                assertThat(seen.add(uid)).as("once").isTrue();
                found.computeIfAbsent(slice.set(), set -> new HashMap<>()).put(uid, endpoint);
            }
        }
        assertThat(found).isEqualTo(wanted);
    }

    @Test
    void namesAreTheSameForTheSameAndFreeForOthers() {
        givenPods(0, 101);
        List<String> first = names(plan());
        assertThat(names(plan())).isEqualTo(first).doesNotHaveDuplicates();
        settle();
        givenPods(101, 350);

        assertThat(names(plan())).doesNotContainAnyElementsOf(slices.keySet());
    }

    private static List<String> names(SlicePlan plan) {
        return plan.changes().stream()
                .filter(change -> change instanceof Change.Create)
                .map(change -> ((Change.Create) change).slice().name())
                .sorted(Comparator.naturalOrder())
                .toList();
    }
}
