package io.groupmembership.operator.cluster;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.Storage;
import io.groupmembership.operator.node.NodeHttp;
import io.groupmembership.protocol.api.RaftState;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a cluster: its objects as the API server has them now, not as a cache had them a moment ago, and the nodes as
 * they answer.
 */
final class ClusterObserver {
    /** Why a container may be waiting that won't help itself. */
    private static final Set<String> STUCK = Set.of(
            "ImagePullBackOff",
            "ErrImagePull",
            "ErrImageNeverPull",
            "InvalidImageName",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError",
            "CrashLoopBackOff");

    private final KubernetesClient kubernetes;

    ClusterObserver(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * What was seen, and the pods that it was seen on.
     *
     * @param pods by name
     * @param http what the nodes were asked with
     */
    record Sight(
            ClusterObservation observation, Map<String, Pod> pods, Optional<StatefulSet> statefulSet, NodeHttp http) {
        Optional<String> address(String nodeId) {
            return Optional.ofNullable(pods.get(nodeId))
                    .map(pod -> pod.getStatus().getPodIP());
        }

        /** Base URLs. */
        List<URI> readyNodes() {
            return observation.nodes().stream()
                    .filter(node -> node.ready() && !node.terminating())
                    .flatMap(node -> address(node.nodeId()).stream())
                    .map(address -> http.node(address, ClusterNames.PORTS.http()))
                    .toList();
        }
    }

    Sight see(GroupMembershipCluster cluster, NodeHttp http) {
        ClusterNames names = new ClusterNames(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
        Optional<StatefulSet> statefulSet = Optional.ofNullable(kubernetes
                .apps()
                .statefulSets()
                .inNamespace(names.namespace())
                .withName(names.statefulSet())
                .get());
        Map<String, Pod> pods =
                kubernetes.pods().inNamespace(names.namespace()).withLabels(names.selector()).list().getItems().stream()
                        .filter(pod -> isNode(names, pod))
                        .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), Function.identity()));
        List<PersistentVolumeClaim> claims = kubernetes
                .persistentVolumeClaims()
                .inNamespace(names.namespace())
                .withLabels(names.selector())
                .list()
                .getItems();
        ClusterObservation observation = new ClusterObservation(
                names,
                cluster.getSpec().replicasOrDefault(),
                cluster.getSpec().storageOrDefault().whenScaledOrDefault() == Storage.WhenScaled.DELETE,
                Optional.ofNullable(annotations(cluster).get(ApiGroup.RECOVER_FROM_ANNOTATION)),
                identity(names),
                secret(names, names.heartbeatSecret()).isPresent(),
                statefulSet.map(set -> set.getSpec().getReplicas()),
                nodes(new NodeAdmin(http), pods, statefulSet),
                ordinals(names, claims, claim -> claim.getMetadata().getDeletionTimestamp() == null),
                ordinals(names, claims, _ -> true));
        return new Sight(observation, pods, statefulSet, http);
    }

    /** Somebody else's pod with our labels is no node. */
    private static boolean isNode(ClusterNames names, Pod pod) {
        return pod.getMetadata().getName().matches(java.util.regex.Pattern.quote(names.name()) + "-[0-9]{1,2}")
                && pod.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> owner.getKind().equals("StatefulSet")
                                && owner.getName().equals(names.statefulSet()));
    }

    private static Map<String, String> annotations(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata().getAnnotations()).orElse(Map.of());
    }

    /** That of the latest recovery epoch. */
    private Optional<ClusterIdentity> identity(ClusterNames names) {
        Optional<ClusterIdentity> latest = Optional.empty();
        for (long epoch = 0; ; epoch++) {
            Optional<Secret> secret = secret(names, names.identitySecret(epoch));
            if (secret.isEmpty()) {
                return latest;
            }
            Map<String, String> data =
                    Optional.ofNullable(secret.get().getData()).orElse(Map.of());
            latest = Optional.of(new ClusterIdentity(text(data, "clusterId"), text(data, "founder"), epoch));
        }
    }

    private Optional<Secret> secret(ClusterNames names, String name) {
        return Optional.ofNullable(kubernetes
                .secrets()
                .inNamespace(names.namespace())
                .withName(name)
                .get());
    }

    private static String text(Map<String, String> data, String key) {
        String value = data.get(key);
        if (value == null) {
            throw new IllegalStateException("the identity Secret has no " + key + ": restore it");
        }
        return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8).strip();
    }

    /** Of those that were ever bound: the others have no data. */
    private static Set<Integer> ordinals(
            ClusterNames names, List<PersistentVolumeClaim> claims, Predicate<PersistentVolumeClaim> which) {
        String prefix = "data-" + names.name() + "-";
        return claims.stream()
                .filter(claim -> claim.getSpec().getVolumeName() != null)
                .filter(which)
                .map(claim -> claim.getMetadata().getName())
                .filter(name -> name.startsWith(prefix)
                        && name.substring(prefix.length()).matches("[0-9]{1,2}"))
                .map(ClusterNames::ordinal)
                .collect(Collectors.toSet());
    }

    private static List<NodeSeen> nodes(NodeAdmin admin, Map<String, Pod> pods, Optional<StatefulSet> statefulSet) {
        // all are asked before one is waited for
        List<Asked> asked = pods.values().stream()
                .map(pod -> new Asked(pod, ask(admin, pod)))
                .toList();
        return asked.stream().map(one -> node(one, statefulSet)).toList();
    }

    private record Asked(Pod pod, CompletableFuture<Optional<RaftState>> answer) {}

    private static NodeSeen node(Asked asked, Optional<StatefulSet> statefulSet) {
        Pod pod = asked.pod;
        String name = pod.getMetadata().getName();
        return new NodeSeen(
                ClusterNames.ordinal(name),
                name,
                isReady(pod),
                pod.getMetadata().getDeletionTimestamp() != null,
                isOutdated(pod, statefulSet),
                stuck(pod.getStatus()),
                asked.answer.join().filter(state -> state.nodeId().equals(name)));
    }

    private static CompletableFuture<Optional<RaftState>> ask(NodeAdmin admin, Pod pod) {
        String address = pod.getStatus().getPodIP();
        return address == null ? CompletableFuture.completedFuture(Optional.empty()) : admin.state(address);
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    private static boolean isOutdated(Pod pod, Optional<StatefulSet> statefulSet) {
        return statefulSet
                .filter(set -> set.getMetadata()
                        .getGeneration()
                        .equals(set.getStatus() == null ? null : set.getStatus().getObservedGeneration()))
                .map(set -> !set.getStatus().getUpdateRevision().equals(label(pod, "controller-revision-hash")))
                .orElse(false);
    }

    private static @Nullable String label(HasMetadata object, String name) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels == null ? null : labels.get(name);
    }

    private static Optional<String> stuck(PodStatus status) {
        boolean unschedulable = status.getConditions().stream()
                .anyMatch(condition ->
                        condition.getType().equals("PodScheduled") && "Unschedulable".equals(condition.getReason()));
        if (unschedulable) {
            return Optional.of("Unschedulable");
        }
        return Stream.ofNullable(status.getContainerStatuses())
                .flatMap(List<ContainerStatus>::stream)
                .filter(container -> container.getState() != null)
                .flatMap(container -> Stream.ofNullable(container.getState().getWaiting()))
                .map(ContainerStateWaiting::getReason)
                .filter(reason -> reason != null && STUCK.contains(reason))
                .findFirst();
    }
}
