package io.groupmembership.operator.group;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.operator.event.EventWriter;
import io.groupmembership.operator.group.GroupFacts.Reach;
import io.groupmembership.operator.group.follow.ClusterFollower;
import io.groupmembership.operator.group.follow.Departure;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.follow.MirroredGroups;
import io.groupmembership.operator.group.follow.MirroredMember;
import io.groupmembership.operator.group.slice.ServiceKey;
import io.groupmembership.operator.injection.ClusterKey;
import io.groupmembership.operator.node.AnyNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Mirrors the groups of one cluster into Kubernetes, as long as it is open. It hears of what changes at the nodes and in
 * Kubernetes, marks what that concerns, and a {@link WriteScheduler} has it looked at and written: slices first, as
 * traffic follows them, then policies, then {@code Group} objects and their statuses, then events of removals.
 *
 * <p>Nothing is written before all objects are known, and nothing that follows from the absence of a member before all
 * groups are.
 */
public final class GroupMirror implements AutoCloseable {
    private static final WriteLane.Limits SLICES = new WriteLane.Limits(Duration.ofMillis(200), 4);
    private static final WriteLane.Limits POLICIES = new WriteLane.Limits(Duration.ofSeconds(1), 4);
    private static final WriteLane.Limits STATUSES = new WriteLane.Limits(Duration.ofSeconds(1), 8);
    private static final WriteLane.Limits REMOVALS = new WriteLane.Limits(Duration.ofSeconds(5), 4);
    private static final int SLICE_TURNS_A_SECOND = 20;
    private static final int POLICIES_A_SECOND = 50;

    private final MirroredCluster cluster;
    private final GroupObjects objects;
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
    private final WriteScheduler.Queue<GroupKey> removals;
    private final RemovalWork removalWork;
    private final List<Consumer<GroupKey>> viewListeners = new CopyOnWriteArrayList<>();
    private final ObjectChanges changes;

    // on the scheduler's thread
    private Reach lastReach = Reach.INTERRUPTED;
    private boolean begun;
    private boolean complete;

    /**
     * @param resource the cluster, as it is now; {@link #update} tells of later states
     * @param nodes base URLs of its nodes (<code>http://10.1.2.3:7700</code>), asked before each connection
     * @param http to call them with; it stays open
     * @param objects shared by all mirrors of the operator, and started
     */
    public GroupMirror(
            GroupMembershipCluster resource,
            Supplier<List<URI>> nodes,
            HttpClient http,
            GroupObjects objects,
            KubernetesClient kubernetes,
            EventWriter events,
            MeterRegistry meters,
            InstantSource clock) {
        this.cluster = new MirroredCluster(resource);
        this.objects = objects;
        this.metrics = new MirrorMetrics(meters, cluster.key());
        this.follower = new ClusterFollower(cluster.key().toString(), nodes, http, new Follow());
        this.scheduler = new WriteScheduler("gm-mirror-" + cluster.key(), this::look);
        NodeApi api = new NodeApi(new AnyNode(http, nodes));
        this.policyWork = new PolicyWork(cluster, objects, api, metrics, this::statusChanged);
        this.removalWork = new RemovalWork(cluster, objects, api, events);
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
        this.statuses = scheduler.queue("group", new WriteLane<>(objects.groupWrites(), STATUSES), statusWork);
        this.removals = scheduler.queue("removal", new WriteLane<>(objects.eventWrites(), REMOVALS), removalWork);
        this.changes =
                new ObjectChanges(cluster.key(), objects, follower, slices, policies, statuses, policyWork, sliceWork);
        metrics.waiting("slices", slices::waiting);
        metrics.waiting("policy", policies::waiting);
        metrics.waiting("group", statuses::waiting);
        metrics.gauge("gm.mirror.unmirrored", "Groups with members that have no object", statusWork::notMirrored);
        metrics.gauge("gm.mirror.connected", "1 while a node serves its events", () -> follower.isConnected() ? 1 : 0);
        metrics.reconnects(follower::reconnects);
    }

    public void start() {
        changes.listen();
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

    /** The members of a group's last known view that say that they are pods, by the pod's UID, in join order. */
    public SequencedMap<UUID, MirroredMember> podMembers(GroupKey group) {
        SequencedMap<UUID, MirroredMember> members = new LinkedHashMap<>();
        follower.read(groups -> {
            groups.forEachMember(group, member -> member.podUid().ifPresent(uid -> members.put(uid, member)));
            return true;
        });
        return members;
    }

    /** @param listener hears of groups whose view may have changed, on the follower's thread, and must not block it */
    public void addViewListener(Consumer<GroupKey> listener) {
        viewListeners.add(listener);
    }

    public void removeViewListener(Consumer<GroupKey> listener) {
        viewListeners.remove(listener);
    }

    // ---- what happened at the nodes

    private final class Follow implements ClusterFollower.Listener {
        @Override
        public void changed(Collection<GroupKey> groups) {
            for (GroupKey key : groups) {
                statuses.changed(key);
                objects.group(key)
                        .filter(object -> object.cluster().equals(Optional.of(cluster.key())))
                        .flatMap(GroupObjects::service)
                        .ifPresent(slices::changed);
                viewListeners.forEach(listener -> listener.accept(key));
            }
        }

        @Override
        public void departed(GroupKey group, long view, List<Departure> departures) {
            if (removalWork.departed(group, view, departures)) {
                removals.changed(group);
            }
        }

        @Override
        public void connection(boolean connected) {
            reach.connection(connected, System.nanoTime());
        }
    }

    private void statusChanged(GroupKey key) {
        statuses.changed(key);
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
        changes.refresh(key -> true);
    }

    /** Writes nothing more; waits a little for what is under way. What was written stays. */
    @Override
    public void close() {
        follower.close();
        sliceWork.close();
        scheduler.close();
        changes.close();
        statusWork.withdraw();
        metrics.close();
    }
}
