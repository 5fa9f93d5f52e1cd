package io.groupmembership.operator.group.slice;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * What to change in the slices of a Service so that they have the endpoints that it should have, and as little as can be:
 * each slice that changes goes to every node of the Kubernetes cluster.
 *
 * <ul>
 *   <li>An endpoint stays in the slice that it is in. Those that should not be there go; a slice that is left empty goes
 *       too.
 *   <li>New endpoints fill slices that change anyway. The others go into new slices; those that would not fill one go into
 *       the fullest slice that has room for all of them.
 *   <li>Slices change first, as an endpoint that must go is in one of them; then new ones come, and at last old ones go.
 *       So an endpoint that moves is in two slices for a moment, and never in none.
 * </ul>
 *
 * @param changes in the order in which they are to be made
 */
public record SlicePlan(List<Change> changes) {
    /** As many as Kubernetes' own slices have. */
    public static final int MOST_ENDPOINTS = 100;

    /** What happens to one slice. Updates and deletions hold for the version that was seen. */
    public sealed interface Change {
        record Update(SliceView slice) implements Change {}

        record Create(SliceView slice) implements Change {}

        record Delete(SliceView slice) implements Change {}
    }

    /** Nothing of ours belongs to this Service. */
    public static SlicePlan removal(List<SliceView> existing) {
        return new SlicePlan(existing.stream()
                .map(slice -> (Change) new Change.Delete(slice))
                .toList());
    }

    /**
     * Plans.
     *
     * @param cluster NAMESPACE/NAME of the cluster whose group it is
     * @param wanted by pod, in join order
     * @param existing every slice of ours that has the Service's name
     */
    public static SlicePlan of(
            ServiceView service,
            String cluster,
            SequencedMap<SliceSet, SequencedMap<UUID, SliceEndpoint>> wanted,
            List<SliceView> existing) {
        List<SliceView> sorted =
                existing.stream().sorted(Comparator.comparing(SliceView::name)).toList();
        Set<String> names = new HashSet<>();
        sorted.forEach(slice -> names.add(slice.name()));
        List<Change> updates = new ArrayList<>();
        List<Change> creations = new ArrayList<>();
        List<Change> deletions = new ArrayList<>();
        Set<SliceSet> sets = new LinkedHashSet<>(wanted.keySet());
        sorted.forEach(slice -> sets.add(slice.set()));
        for (SliceSet set : sets) {
            SequencedMap<UUID, SliceEndpoint> missing = new LinkedHashMap<>(wanted.getOrDefault(set, EMPTY));
            List<Draft> drafts = drafts(service, cluster, set, sorted, missing);
            fill(drafts, missing);
            for (Draft draft : drafts) {
                if (draft.endpoints.isEmpty()) {
                    deletions.add(new Change.Delete(draft.slice));
                } else if (draft.changed) {
                    updates.add(new Change.Update(draft.result(service, cluster)));
                }
            }
            List<SliceEndpoint> left = List.copyOf(missing.values());
            for (int from = 0; from < left.size(); from += MOST_ENDPOINTS) {
                creations.add(new Change.Create(new SliceView(
                        service.namespace(),
                        newName(service, set, names),
                        "",
                        service.name(),
                        service.uid(),
                        cluster,
                        set,
                        left.subList(from, Math.min(from + MOST_ENDPOINTS, left.size())))));
            }
        }
        List<Change> changes = new ArrayList<>(updates);
        changes.addAll(creations);
        changes.addAll(deletions);
        return new SlicePlan(List.copyOf(changes));
    }

    private static final SequencedMap<UUID, SliceEndpoint> EMPTY = new LinkedHashMap<>();

    /** A slice that exists, on its way to what it should be. */
    private static final class Draft {
        private final SliceView slice;
        private final List<SliceEndpoint> endpoints = new ArrayList<>();
        /** That of a Service that is gone takes nothing in: left empty, it is deleted. */
        private final boolean stale;

        private boolean changed;

        Draft(SliceView slice, boolean stale) {
            this.slice = slice;
            this.stale = stale;
        }

        int room() {
            return stale ? 0 : MOST_ENDPOINTS - endpoints.size();
        }

        void take(int most, SequencedMap<UUID, SliceEndpoint> missing) {
            for (int taken = 0; taken < most && !missing.isEmpty(); taken++) {
                endpoints.add(missing.pollFirstEntry().getValue());
                changed = true;
            }
        }

        SliceView result(ServiceView service, String cluster) {
            return new SliceView(
                    slice.namespace(),
                    slice.name(),
                    slice.resourceVersion(),
                    service.name(),
                    service.uid(),
                    cluster,
                    slice.set(),
                    List.copyOf(endpoints));
        }
    }

    /** The slices of a set with the endpoints that stay in them; those are missing no more. */
    private static List<Draft> drafts(
            ServiceView service,
            String cluster,
            SliceSet set,
            List<SliceView> existing,
            Map<UUID, SliceEndpoint> missing) {
        List<Draft> drafts = new ArrayList<>();
        for (SliceView slice : existing) {
            if (slice.set().equals(set)) {
                Draft draft = new Draft(slice, !slice.ownerUid().equals(service.uid()));
                draft.changed =
                        !slice.cluster().equals(cluster) || slice.endpoints().isEmpty();
                for (SliceEndpoint there : slice.endpoints()) {
                    Optional<SliceEndpoint> kept = draft.room() == 0
                            ? Optional.empty()
                            : there.podUid().flatMap(uid -> Optional.ofNullable(missing.remove(uid)));
                    kept.ifPresent(draft.endpoints::add);
                    draft.changed |= !kept.equals(Optional.of(there));
                }
                drafts.add(draft);
            }
        }
        return drafts;
    }

    private static void fill(List<Draft> drafts, SequencedMap<UUID, SliceEndpoint> missing) {
        for (Draft draft : drafts) {
            if (draft.changed) {
                draft.take(draft.room(), missing);
            }
        }
        int rest = missing.size() % MOST_ENDPOINTS;
        if (rest > 0) {
            drafts.stream()
                    .filter(draft -> draft.room() >= rest)
                    .min(Comparator.comparingInt(Draft::room))
                    .ifPresent(draft -> draft.take(rest, missing));
        }
    }

    /** The same for the same, so that a creation whose outcome is unknown can't happen twice. */
    private static String newName(ServiceView service, SliceSet set, Set<String> names) {
        CRC32 crc = new CRC32();
        crc.update((service.uid() + set).getBytes(StandardCharsets.UTF_8));
        String prefix = service.name() + "-gm-" + String.format("%08x", crc.getValue()) + "-";
        int number = 0;
        while (!names.add(prefix + number)) {
            number++;
        }
        return prefix + number;
    }
}
