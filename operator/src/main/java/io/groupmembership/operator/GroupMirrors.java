package io.groupmembership.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.operator.cluster.ClusterReconciler;
import io.groupmembership.operator.cluster.ClusterReport;
import io.groupmembership.operator.evidence.EvidenceWatch;
import io.groupmembership.operator.group.GroupMirror;
import io.groupmembership.operator.group.GroupObjects;
import io.groupmembership.operator.injection.ClusterKey;
import io.groupmembership.operator.pod.PodInformer;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** For each cluster a mirror of its groups and a watch for evidence, from its first formed look to its deletion. */
@ApplicationScoped
class GroupMirrors implements ClusterReconciler.ClusterGroups {
    private final KubernetesClient kubernetes;
    private final MeterRegistry meters;
    private final PodInformer pods;
    private final GroupObjects objects;
    private final Map<ClusterKey, Following> clusters = new ConcurrentHashMap<>();

    GroupMirrors(KubernetesClient kubernetes, MeterRegistry meters) {
        this.kubernetes = kubernetes;
        this.meters = meters;
        this.pods = new PodInformer(kubernetes);
        this.objects = new GroupObjects(kubernetes, pods);
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
    }

    @Override
    public void follow(GroupMembershipCluster cluster, List<URI> nodes) {
        Following following = clusters.computeIfAbsent(ClusterKey.of(cluster), _ -> begin(cluster));
        following.nodes.set(nodes);
        following.mirror.update(cluster);
    }

    private Following begin(GroupMembershipCluster cluster) {
        AtomicReference<List<URI>> nodes = new AtomicReference<>(List.of());
        GroupMirror mirror = new GroupMirror(cluster, nodes::get, objects, kubernetes, meters, InstantSource.system());
        EvidenceWatch evidence = new EvidenceWatch(pods, mirror, nodes::get);
        mirror.start();
        evidence.start();
        return new Following(nodes, mirror, evidence);
    }

    @Override
    public void forget(GroupMembershipCluster cluster) {
        Optional.ofNullable(clusters.remove(ClusterKey.of(cluster))).ifPresent(Following::close);
    }

    @Override
    public Optional<ClusterReport.Counts> counts(GroupMembershipCluster cluster) {
        return Optional.ofNullable(clusters.get(ClusterKey.of(cluster)))
                .flatMap(following -> following.mirror.counts())
                .map(counts -> new ClusterReport.Counts(counts.groups(), counts.members()));
    }

    void stop() {
        clusters.values().forEach(Following::close);
        clusters.clear();
        objects.close();
        pods.close();
    }
}
