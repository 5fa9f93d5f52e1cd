package io.groupmembership.operator.group;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.operator.group.GroupFacts.Reach;
import io.groupmembership.operator.group.follow.ClusterFollower;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.follow.MirroredGroups;
import io.groupmembership.operator.group.follow.MirroredMember;
import io.groupmembership.operator.group.slice.ServiceKey;
import io.groupmembership.operator.group.slice.ServiceView;
import io.groupmembership.operator.group.slice.SliceView;
import io.groupmembership.operator.group.slice.WantedEndpoints;
import io.groupmembership.operator.informer.SlimInformer;
import io.groupmembership.operator.injection.ClusterKey;
import io.groupmembership.operator.pod.PodView;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Mirrors the groups of one cluster into Kubernetes, as long as it is open. It hears of what changes at the nodes and in
 * Kubernetes, marks what that concerns, and a {@link WriteScheduler} has it looked at and written: slices first, as
 * traffic follows them, then policies, then {@code Group} objects and their statuses.
 *
 * <p>Nothing is written before all objects are known, and nothing that follows from the absence of a member before all
 * groups are.
 */
public final class GroupMirror implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);
    private static final WriteLane.Limits SLICES = new WriteLane.Limits(Duration.ofMillis(200), 4);
    private static final WriteLane.Limits POLICIES = new WriteLane.Limits(Duration.ofSeconds(1), 4);
    private static final WriteLane.Limits STATUSES = new WriteLane.Limits(Duration.ofSeconds(1), 8);
    private static final int SLICE_TURNS_A_SECOND = 20;
    private static final int POLICIES_A_SECOND = 50;

    private final MirroredCluster cluster;
    private final GroupObjects objects;
    private final HttpClient http;
    private final ClusterFollower follower;
    private final MirrorReach reach = new MirrorReach(System.nanoTime());
    private final MirrorMetrics metrics;
    private final WriteScheduler scheduler;
    private final PolicyWork policyWork;
    private final SliceWork sliceWork;
    private final StatusWork statusWork;
    private final WriteScheduler.Queue<ServiceKey> slices;
    private final WriteScheduler.Queue<GroupKey> policies;
    private final WriteScheduler.Queue<GroupKey> statuses;
    private final List<Consumer<GroupKey>> viewListeners = new CopyOnWriteArrayList<>();

    private final SlimInformer.Listener<GroupObject> groupListener = this::groupChanged;
    private final SlimInformer.Listener<ServiceView> serviceListener = this::serviceChanged;
    private final SlimInformer.Listener<SliceView> sliceListener = this::sliceChanged;
    private final SlimInformer.Listener<NamespaceView> namespaceListener = this::namespaceChanged;
    private final SlimInformer.Listener<PodView> podListener = this::podChanged;
    private final GroupObjects.ConflictListener conflictListener = this::statusChanged;

    // on the scheduler's thread
    private Reach lastReach = Reach.INTERRUPTED;
    private boolean begun;
    private boolean complete;

    /**
     * @param resource the cluster, as it is now; {@link #update} tells of later states
     * @param nodes base URLs of its nodes (<code>http://10.1.2.3:7700</code>), asked before each connection
     * @param objects shared by all mirrors of the operator, and started
     */
    public GroupMirror(
            GroupMembershipCluster resource,
            Supplier<List<URI>> nodes,
            GroupObjects objects,
            KubernetesClient kubernetes,
            MeterRegistry meters,
            InstantSource clock) {
        this.cluster = new MirroredCluster(resource);
        this.objects = objects;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_WITHIN)
                .build();
        this.metrics = new MirrorMetrics(meters, cluster.key());
        this.follower = new ClusterFollower(cluster.key().toString(), nodes, http, new Follow());
        this.scheduler = new WriteScheduler("gm-mirror-" + cluster.key(), this::look);
        this.policyWork = new PolicyWork(cluster, objects, new NodeApi(http, nodes), metrics, this::statusChanged);
        this.sliceWork =
                new SliceWork(cluster, objects, follower, new SliceWriter(kubernetes), metrics, this::statusChanged);
        this.statusWork = new StatusWork(
                cluster,
                objects,
                follower,
                () -> reach.at(System.nanoTime()),
                policyWork,
                sliceWork,
                new GroupWriter(kubernetes),
                metrics,
                clock);
        this.slices =
                scheduler.queue("slices", new WriteLane<>(new WriteWindow(SLICE_TURNS_A_SECOND), SLICES), sliceWork);
        this.policies =
                scheduler.queue("policy", new WriteLane<>(new WriteWindow(POLICIES_A_SECOND), POLICIES), policyWork);
        this.statuses = scheduler.queue("group", new WriteLane<>(objects.statusWindow(), STATUSES), statusWork);
        metrics.waiting("slices", slices::waiting);
        metrics.waiting("policy", policies::waiting);
        metrics.waiting("group", statuses::waiting);
        metrics.gauge("gm.mirror.unmirrored", "Groups with members that have no object", statusWork::notMirrored);
        metrics.gauge("gm.mirror.connected", "1 while a node serves its events", () -> follower.isConnected() ? 1 : 0);
        metrics.reconnects(follower::reconnects);
    }

    public void start() {
        objects.groups().addListener(groupListener);
        objects.services().addListener(serviceListener);
        objects.slices().addListener(sliceListener);
        objects.namespaces().addListener(namespaceListener);
        objects.pods().addListener(podListener);
        objects.addConflictListener(conflictListener);
        scheduler.start();
        follower.start();
    }

    public ClusterKey cluster() {
        return cluster.key();
    }

    /** Tells of a later state of the cluster's object; one that changes nothing for groups costs nothing. */
    public void update(GroupMembershipCluster resource) {
        if (cluster.update(resource)) {
            refreshAll();
        }
    }

    /** How many groups have members, and how many members there are; empty until the nodes have been read once. */
    public Optional<MirroredGroups.Counts> counts() {
        return follower.read(groups -> groups.isComplete() ? Optional.of(groups.counts()) : Optional.empty());
    }

    /** Whether a node serves its events now; else what is known may be old. */
    public boolean isConnected() {
        return follower.isConnected();
    }

    /** The member of this id in the last known view. It is looked for among all members of the group. */
    public Optional<MirroredMember> member(GroupKey group, String memberId) {
        return follower.read(groups -> groups.member(group, memberId));
    }

    /** @param listener hears of groups whose view may have changed, on the follower's thread, and must not block it */
    public void addViewListener(Consumer<GroupKey> listener) {
        viewListeners.add(listener);
    }

    // ---- what happened at the nodes

    private final class Follow implements ClusterFollower.Listener {
        @Override
        public void changed(Collection<GroupKey> groups) {
            for (GroupKey key : groups) {
                statuses.changed(key);
                ownObject(key).flatMap(GroupObjects::service).ifPresent(slices::changed);
                viewListeners.forEach(listener -> listener.accept(key));
            }
        }

        @Override
        public void connection(boolean connected) {
            reach.connection(connected, System.nanoTime());
        }
    }

    private Optional<GroupObject> ownObject(GroupKey key) {
        return objects.group(key).filter(this::isOwn);
    }

    private boolean isOwn(GroupObject object) {
        return object.cluster().equals(Optional.of(cluster.key()));
    }

    private void statusChanged(GroupKey key) {
        statuses.changed(key);
    }

    // ---- what happened in Kubernetes

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
                .forEach(key -> ownObject(key).flatMap(GroupObjects::service).ifPresent(slices::changed));
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

    // ---- on the scheduler's thread

    /** Whether turns may be given; before that, what has to be looked at because of the time or of all that is new. */
    private boolean look() {
        if (!objects.hasSynced()) {
            return false;
        }
        Reach now = reach.at(System.nanoTime());
        boolean nowComplete = complete || follower.read(MirroredGroups::isComplete);
        boolean all = !begun || nowComplete != complete || (now != lastReach && lastReach == Reach.LOST);
        if (now == Reach.CONNECTED && lastReach != Reach.CONNECTED) {
            policies.retryAll();
        }
        if (now == Reach.CONNECTED && lastReach == Reach.LOST) {
            policyWork.forget();
        }
        if (all || (now != lastReach && now == Reach.LOST)) {
            refreshAll();
        }
        begun = true;
        complete = nowComplete;
        lastReach = now;
        return true;
    }

    private void refreshAll() {
        refresh(key -> true);
    }

    private void refresh(Predicate<GroupKey> which) {
        follower.read(MirroredGroups::groups).stream().filter(which).forEach(statuses::refresh);
        objects.groups().all().filter(object -> which.test(object.key())).forEach(object -> {
            statuses.refresh(object.key());
            policies.refresh(object.key());
            GroupObjects.service(object).ifPresent(slices::refresh);
        });
        objects.slices().all().map(GroupObjects::service).forEach(slices::refresh);
    }

    /** Writes nothing more; waits a little for what is under way. What was written stays. */
    @Override
    public void close() {
        follower.close();
        scheduler.close();
        objects.groups().removeListener(groupListener);
        objects.services().removeListener(serviceListener);
        objects.slices().removeListener(sliceListener);
        objects.namespaces().removeListener(namespaceListener);
        objects.pods().removeListener(podListener);
        objects.removeConflictListener(conflictListener);
        statusWork.withdraw();
        metrics.close();
        http.shutdownNow();
    }
}
