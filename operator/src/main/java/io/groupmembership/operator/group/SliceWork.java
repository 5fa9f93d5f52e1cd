package io.groupmembership.operator.group;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.groupmembership.operator.group.GroupFacts.NamespaceVerdict;
import io.groupmembership.operator.group.WriteScheduler.Outcome;
import io.groupmembership.operator.group.WriteScheduler.Turn;
import io.groupmembership.operator.group.follow.ClusterFollower;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.follow.MirroredMember;
import io.groupmembership.operator.group.slice.ServiceKey;
import io.groupmembership.operator.group.slice.ServiceView;
import io.groupmembership.operator.group.slice.SlicePlan;
import io.groupmembership.operator.group.slice.SliceView;
import io.groupmembership.operator.group.slice.WantedEndpoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the slices of Services that groups of this cluster name. What is to change is decided anew at each turn, from
 * what there is then. All of it is done, however long the writes of others make it wait: if each turn began anew, the
 * last slices of a large group that never rests would not be written.
 */
final class SliceWork implements WriteScheduler.Work<ServiceKey> {
    /** Something else was there than the plan was made from. */
    private static final int CONFLICT = 409;

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    private final MirroredCluster cluster;
    private final GroupObjects objects;
    private final ClusterFollower follower;
    private final SliceWriter writer;
    private final MirrorMetrics metrics;
    private final Consumer<GroupKey> statusChanged;
    private final ConcurrentMap<GroupKey, ServiceBinding> bindings = new ConcurrentHashMap<>();
    private volatile boolean closed;

    SliceWork(
            MirroredCluster cluster,
            GroupObjects objects,
            ClusterFollower follower,
            SliceWriter writer,
            MirrorMetrics metrics,
            Consumer<GroupKey> statusChanged) {
        this.cluster = cluster;
        this.objects = objects;
        this.follower = follower;
        this.writer = writer;
        this.metrics = metrics;
        this.statusChanged = statusChanged;
    }

    /** Whether the Service that a group names has its members; empty where it names none. */
    Optional<ServiceBinding> binding(GroupObject group) {
        return GroupObjects.service(group).map(service -> {
            Optional<GroupObject> binder = objects.binder(service);
            if (binder.isPresent() && !binder.get().key().equals(group.key())) {
                return ServiceBinding.refused(
                        "ServiceTaken",
                        "Service " + service.name() + " has the members of group "
                                + binder.get().name() + ", which is older");
            }
            return bindings.getOrDefault(group.key(), ServiceBinding.PENDING);
        });
    }

    void forget(GroupKey group) {
        bindings.remove(group);
    }

    @Override
    public Turn decide(ServiceKey key) {
        boolean concernsUs = objects.binder(key)
                .map(group -> group.cluster().equals(Optional.of(cluster.key())))
                .orElseGet(() -> !oursOf(key).isEmpty());
        return concernsUs ? new Turn.Write(() -> pass(key)) : Turn.Nothing.AT_ALL;
    }

    private List<SliceView> oursOf(ServiceKey key) {
        return objects.slicesOf(key).stream()
                .filter(slice -> slice.cluster().equals(cluster.key().toString()))
                .toList();
    }

    private Outcome pass(ServiceKey key) throws InterruptedException {
        Optional<GroupObject> binder = objects.binder(key);
        if (binder.isEmpty()) {
            return carryOut(SlicePlan.removal(oursOf(key)), null);
        }
        GroupObject group = binder.get();
        if (!group.cluster().equals(Optional.of(cluster.key()))) {
            return Outcome.DONE;
        }
        try {
            return bind(group, key);
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                tell(
                        group.key(),
                        ServiceBinding.refused(
                                "SlicesNotWritten", "the API server answered " + e.getCode() + ": " + e.getMessage()));
            }
            throw e;
        }
    }

    private Outcome bind(GroupObject group, ServiceKey key) throws InterruptedException {
        Optional<ServiceView> service = objects.service(key).filter(there -> !there.beingDeleted());
        List<SliceView> existing = objects.slicesOf(key);
        Optional<ServiceBinding> refusal = refusal(group, key, service);
        if (refusal.isPresent() || service.isEmpty()) {
            refusal.ifPresent(reason -> tell(group.key(), reason));
            return carryOut(SlicePlan.removal(existing), null);
        }
        if (!follower.read(groups -> groups.isComplete())) {
            tell(group.key(), ServiceBinding.CLUSTER_UNREAD);
            return Outcome.DONE;
        }
        List<MirroredMember> members = new ArrayList<>();
        follower.read(groups -> {
            groups.forEachMember(group.key(), member -> {
                if (member.podUid().isPresent()) {
                    members.add(member);
                }
            });
            return true;
        });
        SlicePlan plan = SlicePlan.of(
                service.get(),
                cluster.key().toString(),
                WantedEndpoints.of(service.get(), group.key(), members, objects.pods()::byUid),
                existing);
        Outcome outcome = carryOut(plan, service.get());
        if (outcome == Outcome.DONE) {
            tell(group.key(), ServiceBinding.bound(key.name()));
        }
        return outcome;
    }

    private Optional<ServiceBinding> refusal(GroupObject group, ServiceKey key, Optional<ServiceView> service) {
        if (objects.verdict(group.namespace(), cluster.resource()) != NamespaceVerdict.ALLOWED) {
            return Optional.of(ServiceBinding.refused(
                    "NamespaceNotAllowed", "cluster " + cluster.key() + " does not allow the namespace"));
        }
        if (service.isEmpty()) {
            return Optional.of(ServiceBinding.refused(
                    "ServiceNotFound", "there is no Service " + key.name() + " in the namespace"));
        }
        if (service.get().externalName()) {
            return Optional.of(ServiceBinding.refused(
                    "ServiceIsExternalName", "Service " + key.name() + " is an ExternalName and has no endpoints"));
        }
        if (service.get().hasSelector()) {
            return Optional.of(ServiceBinding.refused(
                    "ServiceHasSelector",
                    "Service " + key.name() + " has a selector, so Kubernetes chooses its endpoints:"
                            + " remove spec.selector"));
        }
        return Optional.empty();
    }

    private Outcome carryOut(SlicePlan plan, @Nullable ServiceView service) throws InterruptedException {
        for (SlicePlan.Change change : plan.changes()) {
            if (!awaitPlace()) {
                return Outcome.AGAIN;
            }
            switch (change) {
                case SlicePlan.Change.Create(SliceView slice)
                when service != null -> wrote(metrics.counted("slice-create", () -> writer.create(slice, service)));
                case SlicePlan.Change.Update(SliceView slice)
                when service != null -> wrote(metrics.counted("slice-update", () -> writer.update(slice, service)));
                case SlicePlan.Change.Delete(SliceView slice) ->
                    metrics.counted("slice-delete", () -> {
                        writer.delete(slice);
                        return true;
                    });
                case SlicePlan.Change.Create _, SlicePlan.Change.Update _ ->
                    throw new IllegalStateException("a slice without a Service");
            }
        }
        return Outcome.DONE;
    }

    /** Waits until one more write may begin; false where none may any more. */
    private boolean awaitPlace() throws InterruptedException {
        WriteWindow window = objects.sliceWrites();
        for (long now = System.nanoTime(); !closed; now = System.nanoTime()) {
            if (window.begin(now)) {
                return true;
            }
            Thread.sleep(Duration.ofNanos(Math.max(window.opensAt() - now, SHORTEST_WAIT.toNanos())));
        }
        return false;
    }

    /** Begins no more writes. */
    void close() {
        closed = true;
    }

    private void wrote(EndpointSlice slice) {
        objects.slices().wrote(slice);
    }

    private void tell(GroupKey group, ServiceBinding binding) {
        if (!binding.equals(bindings.put(group, binding))) {
            statusChanged.accept(group);
        }
    }
}
