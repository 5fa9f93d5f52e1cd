package io.groupmembership.operator.group;

import io.groupmembership.operator.group.follow.ClusterFollower;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.follow.MirroredGroups;
import io.groupmembership.operator.group.slice.ServiceKey;
import io.groupmembership.operator.group.slice.ServiceView;
import io.groupmembership.operator.group.slice.SliceView;
import io.groupmembership.operator.group.slice.WantedEndpoints;
import io.groupmembership.operator.informer.SlimInformer;
import io.groupmembership.operator.injection.ClusterKey;
import io.groupmembership.operator.pod.PodView;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Hears of changes in Kubernetes, and marks what they concern in one cluster's mirror. Too much may be marked, as marking
 * writes nothing by itself.
 */
final class ObjectChanges implements AutoCloseable {
    private final ClusterKey cluster;
    private final GroupObjects objects;
    private final ClusterFollower follower;
    private final WriteScheduler.Queue<ServiceKey> slices;
    private final WriteScheduler.Queue<GroupKey> policies;
    private final WriteScheduler.Queue<GroupKey> statuses;
    private final PolicyWork policyWork;
    private final SliceWork sliceWork;

    private final SlimInformer.Listener<GroupObject> groupListener = this::groupChanged;
    private final SlimInformer.Listener<ServiceView> serviceListener = this::serviceChanged;
    private final SlimInformer.Listener<SliceView> sliceListener = this::sliceChanged;
    private final SlimInformer.Listener<NamespaceView> namespaceListener = this::namespaceChanged;
    private final SlimInformer.Listener<PodView> podListener = this::podChanged;
    private final GroupObjects.ConflictListener conflictListener = this::conflictChanged;

    ObjectChanges(
            ClusterKey cluster,
            GroupObjects objects,
            ClusterFollower follower,
            WriteScheduler.Queue<ServiceKey> slices,
            WriteScheduler.Queue<GroupKey> policies,
            WriteScheduler.Queue<GroupKey> statuses,
            PolicyWork policyWork,
            SliceWork sliceWork) {
        this.cluster = cluster;
        this.objects = objects;
        this.follower = follower;
        this.slices = slices;
        this.policies = policies;
        this.statuses = statuses;
        this.policyWork = policyWork;
        this.sliceWork = sliceWork;
    }

    void listen() {
        objects.groups().addListener(groupListener);
        objects.services().addListener(serviceListener);
        objects.slices().addListener(sliceListener);
        objects.namespaces().addListener(namespaceListener);
        objects.pods().addListener(podListener);
        objects.addConflictListener(conflictListener);
    }

    @Override
    public void close() {
        objects.groups().removeListener(groupListener);
        objects.services().removeListener(serviceListener);
        objects.slices().removeListener(sliceListener);
        objects.namespaces().removeListener(namespaceListener);
        objects.pods().removeListener(podListener);
        objects.removeConflictListener(conflictListener);
    }

    private boolean isOwn(GroupObject object) {
        return object.cluster().equals(Optional.of(cluster));
    }

    private void conflictChanged(GroupKey key) {
        statuses.changed(key);
    }

    private void groupChanged(Optional<GroupObject> before, Optional<GroupObject> after) {
        boolean specChanged = !before.map(GroupObject::generation).equals(after.map(GroupObject::generation))
                || !before.map(GroupObject::uid).equals(after.map(GroupObject::uid));
        Stream.concat(before.stream(), after.stream())
                .map(GroupObject::key)
                .distinct()
                .forEach(key -> {
                    statuses.changed(key);
                    if (after.isEmpty() && before.filter(this::isOwn).isPresent()) {
                        policyWork.deleted(key);
                        sliceWork.forget(key);
                    }
                    if (specChanged) {
                        policies.changed(key);
                    }
                });
        if (specChanged || !before.map(GroupObject::beingDeleted).equals(after.map(GroupObject::beingDeleted))) {
            before.flatMap(GroupObjects::service).ifPresent(slices::changed);
            after.flatMap(GroupObjects::service).ifPresent(slices::changed);
        }
    }

    private void serviceChanged(Optional<ServiceView> before, Optional<ServiceView> after) {
        Stream.concat(before.stream(), after.stream())
                .map(service -> new ServiceKey(service.namespace(), service.name()))
                .distinct()
                .filter(service -> objects.binder(service).filter(this::isOwn).isPresent())
                .forEach(slices::changed);
    }

    private void sliceChanged(Optional<SliceView> before, Optional<SliceView> after) {
        Stream.concat(before.stream(), after.stream())
                .map(GroupObjects::service)
                .distinct()
                .forEach(slices::changed);
    }

    private void podChanged(Optional<PodView> before, Optional<PodView> after) {
        if (before.isPresent() && after.isPresent() && !WantedEndpoints.differ(before.get(), after.get())) {
            return;
        }
        Stream.concat(before.stream(), after.stream())
                .map(pod -> new GroupKey(pod.namespace(), pod.group()))
                .distinct()
                .forEach(key -> objects.group(key)
                        .filter(this::isOwn)
                        .flatMap(GroupObjects::service)
                        .ifPresent(slices::changed));
    }

    private void namespaceChanged(Optional<NamespaceView> before, Optional<NamespaceView> after) {
        boolean same = before.isPresent()
                && after.isPresent()
                && before.get().labels().equals(after.get().labels())
                && before.get().beingDeleted() == after.get().beingDeleted();
        if (!same) {
            String name = before.or(() -> after).orElseThrow().name();
            refresh(key -> key.namespace().equals(name));
        }
    }

    /** Has these groups, their policies and their Services looked at, without haste. */
    void refresh(Predicate<GroupKey> which) {
        follower.read(MirroredGroups::groups).stream().filter(which).forEach(statuses::refresh);
        objects.groups().all().filter(object -> which.test(object.key())).forEach(object -> {
            statuses.refresh(object.key());
            policies.refresh(object.key());
            GroupObjects.service(object).ifPresent(slices::refresh);
        });
        objects.slices().all().map(GroupObjects::service).forEach(slices::refresh);
    }
}
