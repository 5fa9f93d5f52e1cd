package io.groupmembership.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.GroupMembershipClusterSpec;
import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeartbeatSecretTest {
    private static final String UID = "6a0f7f0e-3c1d-4f0a-8a30-0d6f8f1b2c3d";

    private final NodeResources resources = resources();

    private static NodeResources resources() {
        GroupMembershipCluster cluster = GroupMembershipCluster.of("shop", "demo", GroupMembershipClusterSpec.EMPTY);
        cluster.getMetadata().setUid(UID);
        return new NodeResources(cluster, "image");
    }

    private static ClusterSecrets secrets(Secret secret) {
        return ClusterSecrets.parse(secret.getStringData().values().iterator().next());
    }

    @Test
    void itIsWhatANodeReads() {
        Secret secret = resources.heartbeatSecret(new SplittableRandom(1));

        assertThat(secrets(secret).inUse().keyId()).isBetween(2, 65_535);
        assertThat(secret.getImmutable()).as("a line can be appended").isNull();
    }

    @Test
    void itGoesWithItsCluster() {
        ObjectMeta metadata = resources.heartbeatSecret(new SplittableRandom(1)).getMetadata();

        assertThat(metadata.getName()).isEqualTo("demo-heartbeat");
        assertThat(metadata.getNamespace()).isEqualTo("shop");
        assertThat(metadata.getOwnerReferences())
                .singleElement()
                .extracting(OwnerReference::getUid)
                .isEqualTo(UID);
    }

    @Test
    void aSecretThatIsDrawnAnewHasAnotherKeyIdAndNeverThatOfNodesWithoutOne() {
        var random = new SplittableRandom(7);
        assertThat(IntStream.range(0, 10_000)
                        .map(_ -> secrets(resources.heartbeatSecret(random))
                                .inUse()
                                .keyId())
                        .boxed()
                        .collect(Collectors.toSet()))
                .hasSizeGreaterThan(9_000)
                .doesNotContain(1);
    }

    @Test
    void aNodeFindsItWhereItsSettingSaysAndTheWorldDoesNot() {
        PodSpec pod = resources.statefulSet(3).getSpec().getTemplate().getSpec();
        Secret secret = resources.heartbeatSecret(new SplittableRandom(1));
        Path file = Path.of(pod.getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals("GM_SECRETS_FILE"))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow());

        Volume volume = pod.getVolumes().getFirst();
        assertThat(volume.getSecret().getSecretName())
                .isEqualTo(secret.getMetadata().getName());
        assertThat(volume.getSecret().getDefaultMode()).isEqualTo(0440);
        assertThat(pod.getSecurityContext().getFsGroup())
                .isEqualTo(pod.getSecurityContext().getRunAsGroup());
        assertThat(secret.getStringData()).containsOnlyKeys(file.getFileName().toString());
        // the whole directory, as the kubelet renews no single file that is mounted
        VolumeMount mount = pod.getContainers().getFirst().getVolumeMounts().stream()
                .filter(each -> each.getName().equals(volume.getName()))
                .findFirst()
                .orElseThrow();
        assertThat(file).hasParentRaw(Path.of(mount.getMountPath()));
        assertThat(mount.getReadOnly()).isTrue();
        assertThat(mount.getSubPath()).isNull();
    }
}
