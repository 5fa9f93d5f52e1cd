package io.groupmembership.operator.injection;

import static io.groupmembership.operator.injection.MemberPod.HEARTBEAT_PORT;
import static io.groupmembership.operator.injection.MemberPod.LOCAL_API_PORT;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.groupmembership.crds.SidecarTemplate.Readiness;
import io.groupmembership.crds.SidecarTemplate.Startup;
import java.util.ArrayList;
import java.util.List;

/**
 * The sidecar as a container: a native one (an init container that restarts always), so that it starts before the
 * application, ends after it, and lets a Job complete. It passes the Pod Security level {@code restricted} whatever the
 * pod says of itself, and its probes ask the pod's address, as the kubelet can't reach loopback.
 */
final class SidecarContainer {
    /**
     * Never gives up: 2,147,483,647 failures, one a second at most, take 68 years. A cluster without a majority must make
     * a pod wait, and not restart its sidecar.
     */
    private static final int NEVER = Integer.MAX_VALUE;

    private static final long NOBODY = 65_532L;

    private SidecarContainer() {}

    static Container of(InjectionPlan plan) {
        ContainerBuilder container = new ContainerBuilder()
                .withName(MemberPod.SIDECAR_NAME)
                .withImage(plan.image())
                .withImagePullPolicy(plan.imagePullPolicy().value())
                .withRestartPolicy("Always")
                .withEnv(environment(plan))
                .addNewPort()
                .withName("gm-heartbeat")
                .withContainerPort(HEARTBEAT_PORT)
                .withProtocol("UDP")
                .endPort()
                .addNewPort()
                .withName("gm-health")
                .withContainerPort(HEARTBEAT_PORT)
                .withProtocol("TCP")
                .endPort()
                .withStartupProbe(probe(plan.startup() == Startup.MEMBER ? "/readyz" : "/healthz", 1, 1, NEVER))
                .withLivenessProbe(probe("/healthz", 10, 5, 6))
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(NOBODY)
                .withRunAsGroup(NOBODY)
                .withPrivileged(false)
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .addToDrop("ALL")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext();
        plan.identity().mount().ifPresent(container::addToVolumeMounts);
        if (!isEmpty(plan.resources())) {
            container.withResources(plan.resources());
        }
        if (plan.readiness() == Readiness.MEMBER) {
            container.withReadinessProbe(probe("/readyz", 5, 2, 2));
        }
        return container.build();
    }

    /** The names come first that others refer to: Kubernetes replaces $(NAME) by what stands before it only. */
    private static List<EnvVar> environment(InjectionPlan plan) {
        List<EnvVar> variables = new ArrayList<>(List.of(
                field("GM_NAMESPACE", "metadata.namespace"),
                field("GM_MEMBER_ID", "metadata.name"),
                field("GM_POD_UID", "metadata.uid"),
                field("GM_K8S_NODE", "spec.nodeName"),
                field("GM_POD_IP", "status.podIP"),
                value("GM_GROUP", plan.group()),
                value("GM_SERVER", plan.cluster().clientUrl(plan.identity().scheme())),
                value("GM_ADDRESS", "$(GM_POD_IP):" + plan.applicationPort()),
                value("GM_HEARTBEAT_ADDRESS", "$(GM_POD_IP):" + HEARTBEAT_PORT),
                value("GM_LISTEN", "127.0.0.1:" + LOCAL_API_PORT),
                value("GM_PROBE_LISTEN", "$(GM_POD_IP):" + HEARTBEAT_PORT),
                // the kubelet would start a sidecar anew, also in a pod that is deleted and has a successor of its name
                value("GM_WHEN_REPLACED", "wait")));
        variables.addAll(plan.identity().settings());
        if (!plan.metadata().isEmpty()) {
            variables.add(value("GM_METADATA", plan.metadata().replace("$", "$$")));
        }
        return variables;
    }

    private static EnvVar value(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static Probe probe(String path, int periodSeconds, int timeoutSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString(HEARTBEAT_PORT))
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(timeoutSeconds)
                .withFailureThreshold(failures)
                .build();
    }

    private static boolean isEmpty(ResourceRequirements resources) {
        return resources.getRequests().isEmpty() && resources.getLimits().isEmpty();
    }
}
