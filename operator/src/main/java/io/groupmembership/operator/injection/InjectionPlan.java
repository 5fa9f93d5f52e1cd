package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.groupmembership.crds.ImagePullPolicy;
import io.groupmembership.crds.SidecarTemplate.Readiness;
import io.groupmembership.crds.SidecarTemplate.Startup;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a pod gets. {@link SidecarContainer} and {@link PodMutator} turn it into Kubernetes' form.
 *
 * @param identity by what the sidecar knows the nodes, and they the pod
 * @param applicationPort where the application is reached on the pod's address
 * @param metadata as {@code key=value,key=value}, or empty
 * @param annotations to set on the pod, in order of their keys
 * @param warnings for whoever creates the pod
 */
public record InjectionPlan(
        String group,
        ClusterKey cluster,
        SidecarIdentity identity,
        String image,
        ImagePullPolicy imagePullPolicy,
        ResourceRequirements resources,
        Startup startup,
        Readiness readiness,
        int applicationPort,
        String metadata,
        Map<String, String> annotations,
        List<String> warnings) {
    public InjectionPlan {
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
        warnings = List.copyOf(warnings);
    }
}
