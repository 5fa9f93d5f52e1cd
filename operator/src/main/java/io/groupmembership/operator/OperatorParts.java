package io.groupmembership.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.operator.cluster.ClusterReconciler;
import io.groupmembership.operator.cluster.NodeConnections;
import io.groupmembership.operator.event.EventWriter;
import io.groupmembership.operator.pod.PodInformer;
import io.groupmembership.operator.settings.OperatorSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The parts of the operator that know nothing of the container that they are injected by. */
@ApplicationScoped
public class OperatorParts {
    private static final int REQUEST_MILLIS = 15_000;

    @Produces
    @Singleton
    KubernetesClient kubernetes() {
        Config config = new ConfigBuilder(Config.autoConfigure(null))
                .withRequestTimeout(REQUEST_MILLIS)
                .withConnectionTimeout(REQUEST_MILLIS)
                // what stands before the slash is the field manager of what is created or updated
                .withUserAgent(ApiGroup.OPERATOR + "/" + ApiGroup.VERSION)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    void close(@Disposes KubernetesClient kubernetes) {
        kubernetes.close();
    }

    @Produces
    @Singleton
    EventWriter events(KubernetesClient kubernetes, @ConfigProperty(name = "pod.name") Optional<String> podName) {
        return new EventWriter(kubernetes, podName.orElse("operator"), InstantSource.system());
    }

    @Produces
    @Singleton
    PodInformer pods(KubernetesClient kubernetes) {
        return new PodInformer(kubernetes);
    }

    @Produces
    @Singleton
    NodeConnections connections(KubernetesClient kubernetes, PodInformer pods, OperatorSettings settings) {
        return new NodeConnections(kubernetes, pods, settings.certificateTimes(), InstantSource.system());
    }

    @Produces
    @Singleton
    ClusterReconciler clusters(
            KubernetesClient kubernetes,
            NodeConnections connections,
            EventWriter events,
            ClusterReconciler.ClusterGroups groups,
            OperatorSettings settings) {
        return new ClusterReconciler(
                kubernetes, connections, events, groups, settings.nodeImage(), InstantSource.system());
    }
}
