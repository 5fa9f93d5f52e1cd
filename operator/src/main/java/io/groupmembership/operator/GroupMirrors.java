package io.groupmembership.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.operator.cluster.ClusterReconciler;
import io.groupmembership.operator.cluster.ClusterReport;
import io.groupmembership.operator.cluster.NodeConnections;
import io.groupmembership.operator.event.EventWriter;
import io.groupmembership.operator.evidence.EvidenceWatch;
import io.groupmembership.operator.group.GroupMirror;
import io.groupmembership.operator.group.GroupObjects;
import io.groupmembership.operator.group.OrphanSweep;
import io.groupmembership.operator.injection.ClusterKey;
import io.groupmembership.operator.injection.WaitingPodEvents;
import io.groupmembership.operator.pod.LateLabelEvents;
import io.groupmembership.operator.pod.PodInformer;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For each cluster a mirror of its groups and a watch for evidence, from its first formed look to its deletion. */
@ApplicationScoped
class GroupMirrors implements ClusterReconciler.ClusterGroups {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMirrors.class);
    private static final Duration ORPHANS_EVERY = Duration.ofSeconds(30);
    private static final Duration BUNDLES_EVERY = Duration.ofSeconds(1);
    private static final Duration WAITING_EVERY = Duration.ofSeconds(10);

    private final KubernetesClient kubernetes;
    private final MeterRegistry meters;
    private final EventWriter events;
    private final PodInformer pods;
    private final NodeConnections connections;
    private final GroupObjects objects;
    private final Map<ClusterKey, Following> clusters = new ConcurrentHashMap<>();

    /** Every cluster that was looked at and not deleted since. */
    private final Map<ClusterKey, GroupMembershipCluster> known = new ConcurrentHashMap<>();

    private final WaitingPodEvents waiting;
    private final LateLabelEvents lateLabels;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("gm-sweep").daemon().factory());

    GroupMirrors(
            KubernetesClient kubernetes,
            PodInformer pods,
            NodeConnections connections,
            MeterRegistry meters,
            EventWriter events) {
        this.kubernetes = kubernetes;
        this.meters = meters;
        this.events = events;
        this.pods = pods;
        this.connections = connections;
        this.objects = new GroupObjects(kubernetes, pods);
        this.waiting = new WaitingPodEvents(events, key -> Optional.ofNullable(known.get(key)), InstantSource.system());
        this.lateLabels = new LateLabelEvents(events, InstantSource.system());
    }

    private record Following(AtomicReference<List<URI>> nodes, GroupMirror mirror, EvidenceWatch evidence) {
        void close() {
            evidence.close();
            mirror.close();
        }
    }

    /** Begins to follow what all clusters have in common; only the operator that leads does so. */
    void start() {
        pods.start();
        objects.start();
        OrphanSweep orphans = new OrphanSweep(kubernetes, objects, this::allClusters, InstantSource.system());
        every(ORPHANS_EVERY, orphans::sweep);
        every(WAITING_EVERY, () -> waiting.sweep(pods.all().flatMap(pod -> pod.waiting().stream())));
        every(BUNDLES_EVERY, connections::sweep);
        every(WAITING_EVERY, () -> lateLabels.sweep(pods.all()));
    }

    /** Asked of the API server: an operator that has just begun to lead has not looked at them all. */
    private Optional<Set<ClusterKey>> allClusters() {
        return Optional.of(
                kubernetes.resources(GroupMembershipCluster.class).inAnyNamespace().list().getItems().stream()
                        .map(ClusterKey::of)
                        .collect(Collectors.toSet()));
    }

    private void every(Duration period, Runnable sweep) {
        var _ = sweeper.scheduleWithFixedDelay(
                () -> {
                    try {
                        sweep.run();
                    } catch (RuntimeException e) {
                        LOG.warn("a sweep failed: {}", e.toString());
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void seen(GroupMembershipCluster cluster) {
        known.put(ClusterKey.of(cluster), cluster);
    }

    @Override
    public void follow(GroupMembershipCluster cluster, List<URI> nodes, HttpClient http) {
        Following following = clusters.computeIfAbsent(ClusterKey.of(cluster), _ -> begin(cluster, http));
        following.nodes.set(nodes);
        following.mirror.update(cluster);
    }

    private Following begin(GroupMembershipCluster cluster, HttpClient http) {
        AtomicReference<List<URI>> nodes = new AtomicReference<>(List.of());
        GroupMirror mirror =
                new GroupMirror(cluster, nodes::get, http, objects, kubernetes, events, meters, InstantSource.system());
        EvidenceWatch evidence = new EvidenceWatch(pods, mirror, nodes::get, http);
        mirror.start();
        evidence.start();
        return new Following(nodes, mirror, evidence);
    }

    @Override
    public void forget(GroupMembershipCluster cluster) {
        known.remove(ClusterKey.of(cluster));
        Optional.ofNullable(clusters.remove(ClusterKey.of(cluster))).ifPresent(Following::close);
    }

    @Override
    public Optional<ClusterReport.Counts> counts(GroupMembershipCluster cluster) {
        return Optional.ofNullable(clusters.get(ClusterKey.of(cluster)))
                .flatMap(following -> following.mirror.counts())
                .map(counts -> new ClusterReport.Counts(counts.groups(), counts.members()));
    }

    void stop() {
        sweeper.shutdownNow();
        clusters.values().forEach(Following::close);
        clusters.clear();
        objects.close();
        pods.close();
    }
}
