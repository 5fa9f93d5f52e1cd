package io.groupmembership.operator.cluster;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.GroupMembershipClusterSpec;
import io.groupmembership.crds.ImagePullPolicy;
import io.groupmembership.crds.Scheduling;
import io.groupmembership.crds.Storage;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The objects of a cluster as they should be. Each is the same for the same spec, so that applying it again changes
 * nothing.
 *
 * <p>Pods start all at once and are replaced only when the operator deletes them; the order in which nodes come and go
 * is the Raft configuration's, not the StatefulSet's.
 */
final class NodeResources {
    private static final String DATA = "/data";
    private static final long USER = 65_532;
    private static final int TERMINATION_SECONDS = 30;
    private static final List<String> SPREAD_OVER = List.of("topology.kubernetes.io/zone", "kubernetes.io/hostname");

    private final GroupMembershipCluster cluster;
    private final ClusterNames names;
    private final String image;
    private final NodeSecurity security;

    NodeResources(GroupMembershipCluster cluster, String defaultImage) {
        this.cluster = cluster;
        this.names = new ClusterNames(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
        String wanted = cluster.getSpec().image();
        this.image = wanted == null ? defaultImage : wanted;
        this.security = new NodeSecurity(cluster.getSpec(), names);
    }

    /** Every name of a node leads to it as soon as it has an address: it is needed before the node is ready. */
    Service nodesService() {
        return new ServiceBuilder()
                .withMetadata(meta(names.nodesService()))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(names.selector())
                .withPorts(
                        port("http", ClusterNames.PORTS.http(), "TCP"),
                        port("peer", ClusterNames.PORTS.peer(), "TCP"),
                        port("client", ClusterNames.PORTS.client(), "TCP"),
                        port("heartbeat", ClusterNames.PORTS.udp(), "UDP"),
                        port("admin", ClusterNames.PORTS.admin(), "TCP"),
                        port("raft-admin", ClusterNames.PORTS.raftAdmin(), "TCP"))
                .endSpec()
                .build();
    }

    Service clientService() {
        return new ServiceBuilder()
                .withMetadata(meta(names.clientService()))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(names.selector())
                .withPorts(port("http", ClusterNames.PORTS.http(), "TCP"))
                .endSpec()
                .build();
    }

    private static ServicePort port(String name, int port, String protocol) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(port)
                .withTargetPort(new IntOrString(name))
                .withProtocol(protocol)
                .build();
    }

    PodDisruptionBudget disruptionBudget() {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(meta(names.name()))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withNewSelector()
                .withMatchLabels(names.selector())
                .endSelector()
                .endSpec()
                .build();
    }

    Secret heartbeatSecret(RandomGenerator random) {
        return HeartbeatSecret.draw(meta(names.heartbeatSecret()), random);
    }

    ServiceAccount serviceAccount() {
        return new ServiceAccountBuilder()
                .withMetadata(meta(names.serviceAccount()))
                .withAutomountServiceAccountToken(false)
                .build();
    }

    /** What a node must ask Kubernetes to know who calls; its rules are installed with the operator. */
    ClusterRoleBinding accessReviews() {
        return new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(names.roleBinding())
                .withLabels(names.labels())
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", ClusterNames.NODE_ROLE)
                .addNewSubject("", "ServiceAccount", names.serviceAccount(), names.namespace())
                .build();
    }

    boolean asksKubernetes() {
        return security.asksKubernetes();
    }

    StatefulSet statefulSet(int replicas) {
        return new StatefulSetBuilder()
                .withMetadata(meta(names.statefulSet()))
                .withNewSpec()
                .withReplicas(replicas)
                .withServiceName(names.nodesService())
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewSelector()
                .withMatchLabels(names.selector())
                .endSelector()
                .withTemplate(template())
                .withVolumeClaimTemplates(claim())
                .endSpec()
                .build();
    }

    private PersistentVolumeClaim claim() {
        Storage storage = cluster.getSpec().storageOrDefault();
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data")
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(storage.storageClassName())
                .withNewResources()
                .addToRequests("storage", storage.sizeOrDefault())
                .endResources()
                .endSpec()
                .build();
    }

    private PodTemplateSpec template() {
        GroupMembershipClusterSpec spec = cluster.getSpec();
        Scheduling scheduling = spec.schedulingOrDefault();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(names.labels())
                .withAnnotations(spec.podAnnotations())
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(names.serviceAccount())
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds((long) TERMINATION_SECONDS)
                .withNodeSelector(scheduling.nodeSelector())
                .withTolerations(scheduling.tolerations())
                .withPriorityClassName(scheduling.priorityClassName())
                .withTopologySpreadConstraints(spread(scheduling))
                .withImagePullSecrets(spec.imagePullSecrets())
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName("node")
                .withImage(image)
                .withImagePullPolicy(pullPolicy(spec.imagePullPolicyOrDefault()))
                .withPorts(containerPorts())
                .addNewEnv()
                .withName("GM_NODE_ID")
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath("metadata.name")
                .endFieldRef()
                .endValueFrom()
                .endEnv()
                .addNewEnv()
                .withName("GM_HOST")
                .withValue(names.host("$(GM_NODE_ID)"))
                .endEnv()
                .addNewEnv()
                .withName("GM_DATA_DIR")
                .withValue(DATA)
                .endEnv()
                .addToEnv(HeartbeatSecret.setting())
                .addAllToEnv(security.settings())
                .withResources(spec.resourcesOrDefault())
                .withStartupProbe(probe("/q/health/live", 1, 300))
                .withLivenessProbe(probe("/q/health/live", 10, 6))
                .withReadinessProbe(probe("/q/health/ready", 2, 2))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .addNewVolumeMount()
                .withName("data")
                .withMountPath(DATA)
                .endVolumeMount()
                .addToVolumeMounts(HeartbeatSecret.mount())
                .addAllToVolumeMounts(security.mounts())
                .endContainer()
                .withVolumes(HeartbeatSecret.volume(names.heartbeatSecret()))
                .addAllToVolumes(security.volumes())
                .endSpec()
                .build();
    }

    /** Whoever says nothing gets as much distance between the nodes as there is. */
    private List<TopologySpreadConstraint> spread(Scheduling scheduling) {
        Stream<TopologySpreadConstraintBuilder> wanted =
                scheduling.topologySpreadConstraints().isEmpty()
                        ? SPREAD_OVER.stream()
                                .map(key -> new TopologySpreadConstraintBuilder()
                                        .withMaxSkew(1)
                                        .withTopologyKey(key)
                                        .withWhenUnsatisfiable("ScheduleAnyway"))
                        : scheduling.topologySpreadConstraints().stream().map(TopologySpreadConstraintBuilder::new);
        return wanted.map(constraint -> constraint
                        .withNewLabelSelector()
                        .withMatchLabels(names.selector())
                        .endLabelSelector()
                        .build())
                .toList();
    }

    private static List<ContainerPort> containerPorts() {
        return List.of(
                containerPort("http", ClusterNames.PORTS.http(), "TCP"),
                containerPort("peer", ClusterNames.PORTS.peer(), "TCP"),
                containerPort("client", ClusterNames.PORTS.client(), "TCP"),
                containerPort("heartbeat", ClusterNames.PORTS.udp(), "UDP"),
                containerPort("admin", ClusterNames.PORTS.admin(), "TCP"),
                containerPort("raft-admin", ClusterNames.PORTS.raftAdmin(), "TCP"));
    }

    private static ContainerPort containerPort(String name, int port, String protocol) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(port)
                .withProtocol(protocol)
                .build();
    }

    private Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString("http"))
                .withScheme(security.scheme())
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(5)
                .withFailureThreshold(failures)
                .build();
    }

    private static String pullPolicy(ImagePullPolicy policy) {
        return switch (policy) {
            case ALWAYS -> "Always";
            case IF_NOT_PRESENT -> "IfNotPresent";
            case NEVER -> "Never";
        };
    }

    private ObjectMeta meta(String name) {
        return new ObjectMetaBuilder(owned()).withName(name).build();
    }

    /** The metadata of an object that ends with the cluster, but for its name. */
    ObjectMeta owned() {
        return new ObjectMetaBuilder()
                .withNamespace(names.namespace())
                .withLabels(names.labels())
                .withOwnerReferences(owner())
                .build();
    }

    private OwnerReference owner() {
        return new OwnerReferenceBuilder()
                .withApiVersion(cluster.getApiVersion())
                .withKind(cluster.getKind())
                .withName(cluster.getMetadata().getName())
                .withUid(cluster.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
