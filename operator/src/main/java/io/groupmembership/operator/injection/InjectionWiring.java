package io.groupmembership.operator.injection;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.operator.settings.OperatorSettings;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts the webhook together. In the role of the controller nothing is watched, and {@code /mutate} says so. */
@ApplicationScoped
class InjectionWiring {
    @Produces
    @Singleton
    @DefaultBean
    InjectionSettings settings(OperatorSettings settings) {
        return new InjectionSettings(settings.systemNamespace(), settings.sidecarImage());
    }

    @Produces
    @Singleton
    @DefaultBean
    ClusterDirectory directory(OperatorSettings settings, Instance<KubernetesClient> client) {
        if (settings.role() != OperatorSettings.Role.WEBHOOK) {
            return ClusterDirectory.closed("this process is the controller, and not the webhook");
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
