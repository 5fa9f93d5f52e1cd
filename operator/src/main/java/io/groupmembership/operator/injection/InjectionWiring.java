package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Puts the webhook together from the environment: {@code GM_ROLE}, {@code GM_SIDECAR_IMAGE} and
 * {@code OPERATOR_NAMESPACE}. In another role than {@code webhook} nothing is watched, and {@code /mutate} says so.
 */
@ApplicationScoped
class InjectionWiring {
    static final String ROLE = "webhook";

    @Produces
    @Singleton
    @DefaultBean
    InjectionSettings settings(
            @ConfigProperty(
                            name = "gm.sidecar-image",
                            defaultValue = "docker.io/groupmembership/sidecar:${quarkus.application.version}")
                    String sidecarImage,
            @ConfigProperty(name = "operator.namespace", defaultValue = "groupmembership-system")
                    String systemNamespace) {
        return new InjectionSettings(systemNamespace, sidecarImage);
    }

    @Produces
    @Singleton
    @DefaultBean
    ClusterDirectory directory(
            @ConfigProperty(name = "gm.role", defaultValue = "controller") String role,
            Instance<KubernetesClient> client) {
        if (!role.equals(ROLE)) {
            return ClusterDirectory.closed("this process has the role " + role + ", and not " + ROLE);
        }
        InformerClusterDirectory directory = new InformerClusterDirectory(client.get());
        directory.start();
        return directory;
    }

    void stop(@Disposes ClusterDirectory directory) {
        if (directory instanceof InformerClusterDirectory informers) {
            informers.close();
        }
    }

    /** Begins to list and watch at the start, and not with the first request. */
    void start(@Observes StartupEvent start, ClusterDirectory directory) {
        directory.notReady();
    }
}
