package io.groupmembership.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.groupmembership.crds.AllowedNamespaces;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.GroupMembershipClusterSpec;
import io.groupmembership.crds.Security;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NodeSecurityTest {
    private static final LabelSelector SELECTOR = new LabelSelectorBuilder()
            .addToMatchLabels("team", "a")
            .addToMatchExpressions(
                    new LabelSelectorRequirement("tier", "In", List.of("x", "y")),
                    new LabelSelectorRequirement("old", "DoesNotExist", List.of()))
            .build();

    private static PodSpec pod(GroupMembershipClusterSpec.Builder spec) {
        GroupMembershipCluster cluster = GroupMembershipCluster.of("shop", "main", spec.build());
        return new NodeResources(cluster, "image")
                .statefulSet(3)
                .getSpec()
                .getTemplate()
                .getSpec();
    }

    private static Map<String, String> settings(PodSpec pod) {
        return pod.getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    @Test
    void withNothingSaidANodeHasTlsAndAsksKubernetesWhoCalls() {
        PodSpec pod = pod(GroupMembershipClusterSpec.builder());

        assertThat(settings(pod))
                .containsEntry("GM_TLS_DIR", "/tls")
                .containsEntry("GM_ACCESS", "kubernetes")
                .containsEntry("GM_ALLOWED_NAMESPACES", "kubernetes.io/metadata.name=shop")
                .doesNotContainKey("GM_INSECURE");
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getName().equals("tls"))
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getSecret().getSecretName()).isEqualTo("main-node-tls"));
        assertThat(pod.getContainers()
                        .getFirst()
                        .getReadinessProbe()
                        .getHttpGet()
                        .getScheme())
                .isEqualTo("HTTPS");
        assertThat(pod.getServiceAccountName()).isEqualTo("main-node");
        assertThat(pod.getContainers().getFirst().getVolumeMounts())
                .extracting(VolumeMount::getName)
                .containsAll(pod.getVolumes().stream().map(Volume::getName).toList());
    }

    @Test
    void plainTextIsSaidAloudAndMountsNothing() {
        PodSpec pod = pod(GroupMembershipClusterSpec.builder()
                .security(new Security(Security.Transport.PLAIN, Security.Access.OPEN, null, null)));

        assertThat(settings(pod))
                .containsEntry("GM_INSECURE", "true")
                .doesNotContainKeys("GM_TLS_DIR", "GM_ACCESS", "GM_ALLOWED_NAMESPACES");
        assertThat(pod.getVolumes()).extracting(Volume::getName).doesNotContain("tls", "kubernetes");
        assertThat(pod.getContainers()
                        .getFirst()
                        .getReadinessProbe()
                        .getHttpGet()
                        .getScheme())
                .isEqualTo("HTTP");
    }

    @Test
    void aSecretOfSomebodyElseIsMountedInsteadOfOurs() {
        PodSpec pod = pod(GroupMembershipClusterSpec.builder().security(new Security(null, null, "nodes", "operator")));

        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getName().equals("tls"))
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getSecret().getSecretName()).isEqualTo("nodes"));
    }

    @Test
    void whoseNamespacesMayJoinIsALabelSelector() {
        assertThat(settings(pod(GroupMembershipClusterSpec.builder()
                        .allowedNamespaces(new AllowedNamespaces(AllowedNamespaces.From.ALL, null)))))
                .containsEntry("GM_ALLOWED_NAMESPACES", "");
        assertThat(settings(pod(GroupMembershipClusterSpec.builder()
                        .allowedNamespaces(new AllowedNamespaces(AllowedNamespaces.From.SELECTOR, SELECTOR)))))
                .containsEntry("GM_ALLOWED_NAMESPACES", "team=a,tier in (x,y),!old");
    }
}
