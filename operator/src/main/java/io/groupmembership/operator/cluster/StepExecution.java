package io.groupmembership.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.operator.kubernetes.ServerSideApply;
import io.groupmembership.protocol.api.ConfigurationRequest;
import io.groupmembership.protocol.api.FormRequest;
import io.groupmembership.protocol.api.RecoverRequest;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Carries a step out. Each is conditional on what was seen, so that one that comes late changes nothing. */
final class StepExecution {
    private static final String WITHOUT_WISH =
            "{\"metadata\":{\"annotations\":{\"" + ApiGroup.RECOVER_FROM_ANNOTATION + "\":null}}}";

    private final KubernetesClient kubernetes;
    private final SecureRandom random = new SecureRandom();
    private final AppliedObjects applied = new AppliedObjects(System::nanoTime);

    StepExecution(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** Makes the objects of the cluster what they should be, where due, and leaves the number of nodes as it is. */
    void apply(NodeResources wanted, ClusterObserver.Sight sight) {
        Stream<HasMetadata> always = Stream.of(
                wanted.nodesService(), wanted.clientService(), wanted.disruptionBudget(), wanted.serviceAccount());
        Stream<HasMetadata> asking = wanted.asksKubernetes() ? Stream.of(wanted.accessReviews()) : Stream.empty();
        Stream.concat(always, asking).filter(applied::isDue).forEach(this::apply);
        sight.statefulSet().ifPresent(set -> {
            HasMetadata same = wanted.statefulSet(set.getSpec().getReplicas());
            if (applied.isDue(same, set)) {
                apply(same);
            }
        });
    }

    private void apply(HasMetadata object) {
        applied.applied(object, kubernetes.resource(object).patch(ServerSideApply.FORCED));
    }

    /** The cluster is gone, and with it what it owned; a binding of the whole Kubernetes cluster has no owner. */
    void forget(GroupMembershipCluster cluster) {
        ClusterNames names = new ClusterNames(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
        kubernetes.rbac().clusterRoleBindings().withName(names.roleBinding()).delete();
    }

    /**
     * @throws NodeAdmin.RefusedException where a node says no
     * @throws IOException where a node could not be told, or may have been
     */
    void carryOut(ClusterStep step, NodeResources wanted, ClusterObserver.Sight sight)
            throws IOException, InterruptedException {
        ClusterObservation seen = sight.observation();
        NodeAdmin nodes = new NodeAdmin(sight.http());
        switch (step) {
            case ClusterStep.DrawHeartbeatSecret _ ->
                kubernetes.resource(wanted.heartbeatSecret(random)).create();
            case ClusterStep.RaiseReplicas raise -> apply(wanted.statefulSet(raise.replicas()));
            case ClusterStep.LowerReplicas lower -> apply(wanted.statefulSet(lower.replicas()));
            case ClusterStep.RecordIdentity identity ->
                createOnly(seen.names(), new ClusterIdentity(UUID.randomUUID().toString(), identity.founder(), 0));
            case ClusterStep.RecordRecovery recovery ->
                createOnly(
                        seen.names(),
                        new ClusterIdentity(
                                seen.identity().orElseThrow().clusterId(),
                                recovery.survivor(),
                                recovery.recoveryEpoch()));
            case ClusterStep.Recover recover ->
                nodes.recover(
                        address(sight, recover.nodeId()),
                        new RecoverRequest(
                                recover.peerId(), seen.identity().orElseThrow().clusterId(), recover.recoveryEpoch()));
            case ClusterStep.ForgetRecovery _ ->
                kubernetes
                        .resources(GroupMembershipCluster.class)
                        .inNamespace(seen.names().namespace())
                        .withName(seen.names().name())
                        .patch(PatchContext.of(PatchType.JSON_MERGE), WITHOUT_WISH);
            case ClusterStep.Form form -> form(nodes, form, seen, sight);
            case ClusterStep.Configure change ->
                nodes.configure(
                        leaderAddress(sight),
                        new ConfigurationRequest(new ArrayList<>(change.expected()), new ArrayList<>(change.peers())));
            case ClusterStep.MoveLeadership move -> nodes.moveLeadership(address(sight, move.from()), move.to());
            case ClusterStep.DeleteVolume volume ->
                kubernetes
                        .persistentVolumeClaims()
                        .inNamespace(seen.names().namespace())
                        .withName(seen.names().claim(volume.ordinal()))
                        .delete();
            case ClusterStep.RestartPod restart ->
                Optional.ofNullable(sight.pods().get(restart.nodeId())).ifPresent(this::delete);
            case ClusterStep.Wait _, ClusterStep.Refuse _, ClusterStep.Done _ -> {}
        }
    }

    private static void form(
            NodeAdmin nodes, ClusterStep.Form form, ClusterObservation seen, ClusterObserver.Sight sight)
            throws IOException, InterruptedException {
        ClusterIdentity identity = seen.identity().orElseThrow();
        nodes.form(
                address(sight, form.nodeId()),
                new FormRequest(
                        form.peerId(),
                        identity.clusterId(),
                        seen.names().name(),
                        identity.recoveryEpoch(),
                        form.founder(),
                        form.minimumPeers()));
    }

    /** Fails where it exists: two operators that saw none can't both write one. */
    private void createOnly(ClusterNames names, ClusterIdentity identity) {
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(names.namespace())
                .withName(names.identitySecret(identity.recoveryEpoch()))
                .withLabels(names.labels())
                .endMetadata()
                .withType(ApiGroup.NAME + "/cluster-identity")
                .withImmutable(true)
                .withStringData(Map.of(
                        "clusterId",
                        identity.clusterId(),
                        "founder",
                        identity.founder(),
                        "recoveryEpoch",
                        Long.toString(identity.recoveryEpoch())))
                .build();
        kubernetes.resource(secret).create();
    }

    /** Only the pod that was seen: one that was made under its name since then stays. */
    private void delete(Pod seen) {
        kubernetes
                .pods()
                .inNamespace(seen.getMetadata().getNamespace())
                .resource(seen)
                .lockResourceVersion(seen.getMetadata().getResourceVersion())
                .delete();
    }

    private static String leaderAddress(ClusterObserver.Sight sight) throws IOException {
        return address(
                sight,
                sight.observation()
                        .leader()
                        .orElseThrow(() -> new IOException("no node leads now"))
                        .nodeId());
    }

    private static String address(ClusterObserver.Sight sight, String nodeId) throws IOException {
        return sight.address(nodeId).orElseThrow(() -> new IOException(nodeId + " has no address now"));
    }
}
