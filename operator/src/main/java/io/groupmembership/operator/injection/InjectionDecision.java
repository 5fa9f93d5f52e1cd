package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.GroupMembershipClusterStatus;
import io.groupmembership.crds.SidecarTemplate;
import io.groupmembership.crds.SidecarTemplate.Startup;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What becomes of a pod that is about to be created: a pure function of the pod, its namespace and the clusters.
 *
 * <ol>
 *   <li>Without our label, in {@code kube-system} or in our own namespace, or as the mirror of a static pod: not ours,
 *       and never touched.
 *   <li>With our sidecar in it: done already, provided that its cluster is still there for it, as the pod may be a copy
 *       or come from a backup. That holds wherever the sidecar now stands among the init containers.
 *       We put it first; a container that another webhook puts in front afterwards stays there (a mesh's proxy, the set-up
 *       of a network), as two webhooks that both insist on being first never settle. Nothing of the application can get
 *       in front: its own containers came before us.
 *   <li>A rule of {@link PodRules}, {@link MemberOptions} or {@link ClusterChoice} broken: refused, with what to do.
 *   <li>Else it gets a sidecar.
 * </ol>
 */
public sealed interface InjectionDecision {
    record Inject(InjectionPlan plan) implements InjectionDecision {}

    record AlreadyInjected() implements InjectionDecision {}

    /** @param why a phrase that follows "the pod is left alone: " */
    record NotOurs(String why, boolean asked) implements InjectionDecision {}

    record Refuse(Refusal refusal) implements InjectionDecision {}

    /** @param clusters all of them, of every namespace */
    static InjectionDecision of(
            Pod pod, PodNamespace namespace, List<GroupMembershipCluster> clusters, InjectionSettings settings) {
        Optional<String> group = MemberPod.group(pod);
        if (group.isEmpty()) {
            return new NotOurs("it has no label " + MemberPod.GROUP_LABEL, false);
        }
        if (namespace.name().equals("kube-system") || namespace.name().equals(settings.systemNamespace())) {
            return new NotOurs("no pod of namespace " + namespace.name() + " gets a sidecar", true);
        }
        if (MemberPod.annotations(pod).containsKey("kubernetes.io/config.mirror")) {
            return new NotOurs("it mirrors a static pod, which only its kubelet can change", true);
        }
        try {
            if (MemberPod.sidecar(pod).isPresent()) {
                ClusterChoice.of(MemberOptions.cluster(pod), namespace, clusters);
                return new AlreadyInjected();
            }
            PodRules.check(pod, group.get());
            MemberOptions options = MemberOptions.read(pod);
            GroupMembershipCluster cluster = ClusterChoice.of(options.cluster(), namespace, clusters);
            return new Inject(plan(pod, group.get(), namespace, options, cluster, settings));
        } catch (RefusedException e) {
            return new Refuse(e.refusal());
        }
    }

    private static InjectionPlan plan(
            Pod pod,
            String group,
            PodNamespace namespace,
            MemberOptions options,
            GroupMembershipCluster cluster,
            InjectionSettings settings) {
        SidecarTemplate template = cluster.getSpec().sidecarOrDefault();
        ClusterKey key = ClusterKey.of(cluster);
        String image = template.image() == null ? settings.sidecarImage() : template.image();
        Startup startup = options.startup().orElse(template.startupOrDefault());
        Map<String, String> annotations = new TreeMap<>(MeshAnnotations.of(MemberPod.annotations(pod), namespace));
        annotations.put(MemberPod.INJECTED_ANNOTATION, image);
        if (options.cluster().isEmpty()) {
            annotations.put(MemberPod.CLUSTER_ANNOTATION, key.toString());
        }
        return new InjectionPlan(
                group,
                key,
                SidecarIdentity.of(key, cluster.getSpec().securityOrDefault()),
                image,
                template.imagePullPolicyOrDefault(),
                SidecarResources.of(template.resourcesOrDefault(), pod),
                startup,
                options.readiness().orElse(template.readinessOrDefault()),
                options.applicationPort(),
                options.metadata(),
                annotations,
                startup == Startup.MEMBER
                        ? notReadyWarning(key, cluster).stream().toList()
                        : List.of());
    }

    private static Optional<String> notReadyWarning(ClusterKey key, GroupMembershipCluster cluster) {
        Optional<Condition> ready = cluster.getStatus().conditions().stream()
                .filter(condition -> GroupMembershipClusterStatus.READY.equals(condition.getType()))
                .findFirst();
        return ready.filter(condition -> "True".equals(condition.getStatus())).isPresent()
                ? Optional.empty()
                : Optional.of("GroupMembershipCluster " + key + " is not ready"
                        + ready.map(condition -> " (" + condition.getReason() + ")")
                                .orElse("")
                        + ": the pod's containers wait until it is a member");
    }
}
