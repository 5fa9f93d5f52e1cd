package io.groupmembership.operator.group;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.operator.group.slice.SliceView;
import io.groupmembership.operator.injection.ClusterKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Looks after what a cluster leaves behind that was deleted, also while no operator ran: {@link OrphanDecision} for its
 * groups, and its slices go, as nobody would take an endpoint out of them any more. No finalizer is needed for it.
 */
public final class OrphanSweep {
    private static final Logger LOG = Logger.getLogger(OrphanSweep.class);

    /** Objects that are written in one sweep; the next one goes on. */
    private static final int MOST_WRITES = 100;

    private final GroupObjects objects;
    private final Supplier<Optional<Set<ClusterKey>>> clusters;
    private final GroupWriter groups;
    private final SliceWriter slices;
    private final InstantSource clock;

    /** @param clusters all there are; empty while that is not known */
    public OrphanSweep(
            KubernetesClient kubernetes,
            GroupObjects objects,
            Supplier<Optional<Set<ClusterKey>>> clusters,
            InstantSource clock) {
        this.objects = objects;
        this.clusters = clusters;
        this.groups = new GroupWriter(kubernetes);
        this.slices = new SliceWriter(kubernetes);
        this.clock = clock;
    }

    /** To be called now and then, on a thread that may wait for the API server. */
    public void sweep() {
        Optional<Set<ClusterKey>> known = clusters.get();
        if (known.isEmpty() || !objects.hasSynced()) {
            return;
        }
        Set<ClusterKey> existing = known.get();
        int writes = 0;
        for (GroupObject object : objects.groups().all().toList()) {
            OrphanDecision decision = OrphanDecision.of(object, existing, clock.instant());
            if (decision instanceof OrphanDecision.Nothing) {
                continue;
            }
            if (writes++ >= MOST_WRITES || !carryOut(decision)) {
                return;
            }
        }
        for (SliceView slice : orphans(existing)) {
            if (writes++ >= MOST_WRITES
                    || !carryOut(() -> slices.delete(slice), slice.namespace() + "/" + slice.name())) {
                return;
            }
        }
    }

    /** A Service that a group of another cluster names now is that one's to look after. */
    private List<SliceView> orphans(Set<ClusterKey> existing) {
        Set<String> names = existing.stream().map(ClusterKey::toString).collect(Collectors.toSet());
        return objects.slices()
                .all()
                .filter(slice -> !slice.cluster().isEmpty() && !names.contains(slice.cluster()))
                .filter(slice -> objects.binder(GroupObjects.service(slice))
                        .flatMap(GroupObject::cluster)
                        .filter(existing::contains)
                        .isEmpty())
                .toList();
    }

    private boolean carryOut(OrphanDecision decision) {
        return switch (decision) {
            case OrphanDecision.Delete(GroupObject object) ->
                carryOut(() -> groups.delete(object), object.key().toString());
            case OrphanDecision.Tell(GroupObject object, var status) ->
                carryOut(
                        () -> groups.applyStatus(object, status, false).ifPresent(objects.groups()::wrote),
                        object.key().toString());
            case OrphanDecision.Nothing() -> true;
        };
    }

    /** Whether it could be done; else there is no use in going on now. */
    private static boolean carryOut(Runnable write, String what) {
        try {
            write.run();
            return true;
        } catch (RuntimeException e) {
            LOG.warnf("%s of a cluster that is gone: %s", what, e.toString());
            return false;
        }
    }
}
