package io.groupmembership.operator.settings;

import io.groupmembership.operator.certificate.CertificateTimes;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;

/** What can be set, as {@code GM_NODE_IMAGE} and so on. */
@ConfigMapping(prefix = "gm")
public interface OperatorSettings {
    /** One image, two roles: {@code controller} follows clusters and groups, {@code webhook} injects sidecars. */
    @WithDefault("controller")
    Role role();

    /** Of a node, where a cluster names none. */
    @WithDefault("docker.io/groupmembership/node:${quarkus.application.version}")
    String nodeImage();

    /** Of a sidecar, where a cluster names none. */
    @WithDefault("docker.io/groupmembership/sidecar:${quarkus.application.version}")
    String sidecarImage();

    /** Where the operator and its webhook run; also where the leader among operators is elected. */
    @WithName("namespace")
    @WithDefault("${operator.namespace:groupmembership-system}")
    String systemNamespace();

    /** How long a certificate is good, which is renewed after a third of that; a change is for those that are issued next. */
    @WithDefault("90d")
    Duration certificateLife();

    /** How long until everybody has read a bundle of CAs. */
    @WithDefault("5m")
    Duration certificateTrustWait();

    /** How long until every pod serves a new certificate. */
    @WithDefault("10m")
    Duration certificateServeWait();

    /** @throws IllegalArgumentException where they do not fit together; the message names the setting */
    default CertificateTimes certificateTimes() {
        return new CertificateTimes(certificateLife(), certificateTrustWait(), certificateServeWait());
    }

    enum Role {
        CONTROLLER,
        WEBHOOK
    }
}
