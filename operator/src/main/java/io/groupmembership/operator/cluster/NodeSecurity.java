package io.groupmembership.operator.cluster;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.groupmembership.crds.AllowedNamespaces;
import io.groupmembership.crds.GroupMembershipClusterSpec;
import io.groupmembership.crds.Security;
import io.groupmembership.crds.Security.Access;
import io.groupmembership.operator.certificate.ClusterCertificates;
import java.util.ArrayList;
import java.util.List;

/** What the pod of a node has so that it knows who calls, and is known itself. */
final class NodeSecurity {
    private static final String TLS = "/tls";

    /** Where every pod has it that does not say otherwise; ours is mounted by hand. */
    private static final String KUBERNETES = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static final int READABLE_BY_THE_GROUP = 0440;
    private static final long TOKEN_SECONDS = 3607;

    private final GroupMembershipClusterSpec spec;
    private final Security security;
    private final ClusterNames names;

    NodeSecurity(GroupMembershipClusterSpec spec, ClusterNames names) {
        this.spec = spec;
        this.security = spec.securityOrDefault();
        this.names = names;
    }

    boolean asksKubernetes() {
        return security.accessOrDefault() == Access.KUBERNETES;
    }

    /** Of the node's HTTP port, as a probe names it. */
    String scheme() {
        return security.usesTls() ? "HTTPS" : "HTTP";
    }

    List<EnvVar> settings() {
        List<EnvVar> settings = new ArrayList<>();
        settings.add(security.usesTls() ? setting("GM_TLS_DIR", TLS) : setting("GM_INSECURE", "true"));
        if (asksKubernetes()) {
            settings.add(setting("GM_ACCESS", "kubernetes"));
            settings.add(setting("GM_KUBERNETES_URL", "https://kubernetes.default.svc"));
            settings.add(setting("GM_KUBERNETES_CREDENTIALS", KUBERNETES));
            settings.add(setting("GM_ALLOWED_NAMESPACES", allowedNamespaces()));
        }
        return settings;
    }

    /** Whose pods may join, also of those that come past the webhook: a selector of namespaces by their labels. */
    private String allowedNamespaces() {
        AllowedNamespaces allowed = spec.allowedNamespacesOrDefault();
        return switch (allowed.fromOrDefault()) {
            case SAME -> "kubernetes.io/metadata.name=" + names.namespace();
            case ALL -> "";
            case SELECTOR -> LabelSelectorText.of(allowed.selector());
        };
    }

    private static EnvVar setting(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>();
        if (security.usesTls()) {
            mounts.add(mount("tls", TLS));
        }
        if (asksKubernetes()) {
            mounts.add(mount("kubernetes", KUBERNETES));
        }
        return mounts;
    }

    private static VolumeMount mount(String name, String path) {
        return new VolumeMountBuilder()
                .withName(name)
                .withMountPath(path)
                .withReadOnly(true)
                .build();
    }

    List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        if (security.usesTls()) {
            String theirs = security.nodeSecretName();
            volumes.add(new VolumeBuilder()
                    .withName("tls")
                    .withNewSecret()
                    .withSecretName(theirs == null ? ClusterCertificates.nodeSecret(names.name()) : theirs)
                    .withDefaultMode(READABLE_BY_THE_GROUP)
                    .endSecret()
                    .build());
        }
        if (asksKubernetes()) {
            volumes.add(kubernetes());
        }
        return volumes;
    }

    /** As Kubernetes itself mounts it in pods that ask for nothing else. */
    private static Volume kubernetes() {
        return new VolumeBuilder()
                .withName("kubernetes")
                .withNewProjected()
                .withDefaultMode(READABLE_BY_THE_GROUP)
                .addNewSource()
                .withNewServiceAccountToken()
                .withExpirationSeconds(TOKEN_SECONDS)
                .withPath("token")
                .endServiceAccountToken()
                .endSource()
                .addNewSource()
                .withNewConfigMap()
                .withName("kube-root-ca.crt")
                .addNewItem()
                .withKey("ca.crt")
                .withPath("ca.crt")
                .endItem()
                .endConfigMap()
                .endSource()
                .endProjected()
                .build();
    }
}
