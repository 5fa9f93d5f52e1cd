package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeFluent;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.Security;
import io.groupmembership.operator.certificate.ClusterCertificates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * By what the sidecar knows the nodes, and they the pod: the cluster's CAs, and a token that is good for nobody else and
 * ends with the pod. The kubelet renews both while the pod runs.
 *
 * @param cas the ConfigMap with the CAs, in the pod's namespace; absent where the nodes have no TLS
 * @param token whether the nodes ask who calls
 */
public record SidecarIdentity(Optional<String> cas, boolean token) {
    private static final String VOLUME = "groupmembership-identity";
    private static final String DIRECTORY = "/var/run/secrets/" + ApiGroup.NAME;
    private static final long TOKEN_SECONDS = 3_600;

    static SidecarIdentity of(ClusterKey cluster, Security security) {
        return new SidecarIdentity(
                security.usesTls()
                        ? Optional.of(ClusterCertificates.bundleName(cluster.namespace(), cluster.name()))
                        : Optional.empty(),
                security.accessOrDefault() == Security.Access.KUBERNETES);
    }

    String scheme() {
        return cas.isPresent() ? "https" : "http";
    }

    List<EnvVar> settings() {
        List<EnvVar> settings = new ArrayList<>();
        if (cas.isPresent()) {
            settings.add(setting("GM_CA", "ca.crt"));
        }
        if (token) {
            settings.add(setting("GM_TOKEN_FILE", "token"));
        }
        return settings;
    }

    private static EnvVar setting(String name, String file) {
        return new EnvVarBuilder()
                .withName(name)
                .withValue(DIRECTORY + "/" + file)
                .build();
    }

    private boolean isEmpty() {
        return cas.isEmpty() && !token;
    }

    Optional<VolumeMount> mount() {
        return isEmpty()
                ? Optional.empty()
                : Optional.of(new VolumeMountBuilder()
                        .withName(VOLUME)
                        .withMountPath(DIRECTORY)
                        .withReadOnly(true)
                        .build());
    }

    Optional<Volume> volume() {
        if (isEmpty()) {
            return Optional.empty();
        }
        VolumeFluent<VolumeBuilder>.ProjectedNested<VolumeBuilder> projected =
                new VolumeBuilder().withName(VOLUME).withNewProjected();
        cas.ifPresent(name -> projected
                .addNewSource()
                .withNewConfigMap()
                .withName(name)
                .addNewItem()
                .withKey("ca.crt")
                .withPath("ca.crt")
                .endItem()
                .endConfigMap()
                .endSource());
        if (token) {
            projected
                    .addNewSource()
                    .withNewServiceAccountToken()
                    .withAudience(ApiGroup.NAME)
                    .withExpirationSeconds(TOKEN_SECONDS)
                    .withPath("token")
                    .endServiceAccountToken()
                    .endSource();
        }
        return Optional.of(projected.endProjected().build());
    }
}
