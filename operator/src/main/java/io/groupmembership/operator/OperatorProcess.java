package io.groupmembership.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.groupmembership.operator.certificate.WebhookCertificates;
import io.groupmembership.operator.cluster.ClusterReconciler;
import io.groupmembership.operator.settings.OperatorSettings;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller's life. Of several operators one leads and works; one that loses the lead ends its process, so that
 * nothing of it works on.
 */
@ApplicationScoped
public class OperatorProcess {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);
    private static final String LEASE = "groupmembership-operator";
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final KubernetesClient kubernetes;
    private final OperatorSettings settings;
    private final ClusterReconciler clusters;
    private final GroupMirrors groups;
    private final WebhookCertificates certificates;
    private final String instance;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("gm-certificates").daemon().factory());
    private @Nullable Operator operator;

    OperatorProcess(
            KubernetesClient kubernetes,
            OperatorSettings settings,
            ClusterReconciler clusters,
            GroupMirrors groups,
            @ConfigProperty(name = "pod.name") Optional<String> podName) {
        this.kubernetes = kubernetes;
        this.settings = settings;
        this.clusters = clusters;
        this.groups = groups;
        this.certificates = WebhookCertificates.of(
                kubernetes, settings.systemNamespace(), settings.certificateTimes(), InstantSource.system());
        this.instance =
                podName.orElseGet(() -> "operator-" + ProcessHandle.current().pid());
    }

    void start(@Observes StartupEvent event) {
        if (settings.role() != OperatorSettings.Role.CONTROLLER) {
            return;
        }
        Operator started = new Operator(configuration -> configuration
                .withKubernetesClient(kubernetes)
                .withCloseClientOnStop(false)
                .withReconciliationTerminationTimeout(STOP_LIMIT)
                .withLeaderElectionConfiguration(LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                        .withLeaseNamespace(settings.systemNamespace())
                        .withIdentity(instance)
                        .withLeaderCallbacks(new LeaderCallbacks(this::lead, () -> {}, this::leaderIs))
                        .build()));
        started.register(clusters, configuration -> configuration.withTriggerReconcilerOnAllEvents(true));
        started.start();
        operator = started;
    }

    private void lead() {
        groups.start();
        executor.execute(this::lookAfterCertificates);
    }

    private void leaderIs(String name) {
        LOG.info("{} leads", name);
    }

    private void lookAfterCertificates() {
        Duration again = AFTER_FAILURE;
        try {
            again = certificates.reconcile();
        } catch (KubernetesClientException e) {
            LOG.warn("the webhook's certificates could not be looked after: {}", e.getMessage());
        }
        var _ = executor.schedule(this::lookAfterCertificates, Math.max(1, again.toMillis()), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        executor.shutdownNow();
        if (operator != null) {
            operator.stop();
            groups.stop();
        }
    }

    /** Whether everything that the controller watches is being watched. */
    boolean isHealthy() {
        return operator == null || operator.getRuntimeInfo().allEventSourcesAreHealthy();
    }
}
