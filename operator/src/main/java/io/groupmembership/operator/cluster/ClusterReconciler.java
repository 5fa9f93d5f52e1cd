package io.groupmembership.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.GroupMembershipClusterStatus;
import io.groupmembership.operator.event.EventWriter;
import io.groupmembership.operator.node.NodeHttp;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a cluster, takes one step, and writes down what it saw and did. No step depends on what is remembered of an
 * earlier look, so an operator that is killed after a step, or in the middle of one, is continued by the next.
 */
@ControllerConfiguration(name = "clusters", fieldManager = ApiGroup.OPERATOR)
public final class ClusterReconciler implements Reconciler<GroupMembershipCluster> {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterReconciler.class);

    /** When all is well: the counts of groups and members are as old as this. */
    private static final Duration WHEN_DONE = Duration.ofSeconds(10);

    private static final Duration WHILE_WAITING = Duration.ofSeconds(1);
    private static final Duration AFTER_A_STEP = Duration.ofMillis(100);

    private static final String STEP_FAILED = "StepFailed";

    private final ClusterObserver observer;
    private final StepExecution execution;
    private final NodeConnections connections;
    private final EventWriter events;
    private final ClusterGroups groups;
    private final String defaultImage;
    private final InstantSource clock;

    /** @param defaultImage of a node, where the spec names none */
    public ClusterReconciler(
            KubernetesClient kubernetes,
            NodeConnections connections,
            EventWriter events,
            ClusterGroups groups,
            String defaultImage,
            InstantSource clock) {
        this.observer = new ClusterObserver(kubernetes);
        this.execution = new StepExecution(kubernetes);
        this.connections = connections;
        this.events = events;
        this.groups = groups;
        this.defaultImage = defaultImage;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, GroupMembershipCluster>> prepareEventSources(
            EventSourceContext<GroupMembershipCluster> context) {
        InformerEventSourceConfiguration<Pod> pods = InformerEventSourceConfiguration.from(
                        Pod.class, GroupMembershipCluster.class)
                .withLabelSelector("app.kubernetes.io/name=groupmembership-node," + ClusterNames.CLUSTER_LABEL)
                .withSecondaryToPrimaryMapper(pod -> Set.of(new ResourceID(
                        pod.getMetadata().getLabels().get(ClusterNames.CLUSTER_LABEL),
                        pod.getMetadata().getNamespace())))
                .build();
        return List.of(new InformerEventSource<>(pods, context));
    }

    @Override
    public UpdateControl<GroupMembershipCluster> reconcile(
            GroupMembershipCluster cluster, Context<GroupMembershipCluster> context) throws InterruptedException {
        if (context.isPrimaryResourceDeleted() || cluster.getMetadata().getDeletionTimestamp() != null) {
            groups.forget(cluster);
            connections.forget(cluster);
            execution.forget(cluster);
            return UpdateControl.noUpdate();
        }
        NodeResources wanted = new NodeResources(cluster, defaultImage);
        NodeHttp http = connections.of(cluster, wanted.owned());
        ClusterObserver.Sight sight = observer.see(cluster, http);
        execution.apply(wanted, sight);
        ClusterStep step = carryOut(ClusterPlan.next(sight.observation()), wanted, sight);
        tell(cluster, step);
        groups.seen(cluster);
        if (sight.observation().identity().isPresent()) {
            groups.follow(cluster, sight.readyNodes(), http.client());
        }
        return update(cluster, sight, step);
    }

    /** A step that a node refused becomes that refusal; one that failed is tried again from a new look. */
    private ClusterStep carryOut(ClusterStep step, NodeResources wanted, ClusterObserver.Sight sight)
            throws InterruptedException {
        try {
            execution.carryOut(step, wanted, sight);
            return step;
        } catch (NodeAdmin.RefusedException e) {
            return new ClusterStep.Refuse("NodeRefused", StepWords.of(step) + ": " + e.getMessage());
        } catch (IOException e) {
            LOG.info("{}: {} failed: {}", sight.observation().names().name(), StepWords.of(step), e.toString());
            return new ClusterStep.Wait(STEP_FAILED, StepWords.of(step) + ": " + e.getMessage());
        }
    }

    private void tell(GroupMembershipCluster cluster, ClusterStep step) {
        switch (step) {
            case ClusterStep.Done _ -> {}
            case ClusterStep.Wait wait
            when wait.reason().equals(ClusterPlan.QUORUM_LOST) || wait.reason().equals(STEP_FAILED) ->
                events.write(cluster, EventWriter.Type.WARNING, "Wait", wait.reason(), wait.message());
            case ClusterStep.Wait _ -> {}
            case ClusterStep.Refuse refusal ->
                events.write(cluster, EventWriter.Type.WARNING, "Refuse", refusal.reason(), refusal.message());
            default -> {
                LOG.info("{}: {}", cluster.getMetadata().getName(), StepWords.of(step));
                events.write(cluster, EventWriter.Type.NORMAL, "Step", StepWords.reason(step), StepWords.of(step));
            }
        }
    }

    private UpdateControl<GroupMembershipCluster> update(
            GroupMembershipCluster cluster, ClusterObserver.Sight sight, ClusterStep step) {
        GroupMembershipClusterStatus status = ClusterReport.of(
                cluster.getStatus(),
                sight.observation(),
                step,
                sight.pods().values().stream()
                        .map(pod -> pod.getSpec().getContainers().getFirst().getImage())
                        .toList(),
                groups.counts(cluster),
                cluster.getMetadata().getGeneration(),
                clock.instant());
        Duration delay = switch (step) {
            case ClusterStep.Done _, ClusterStep.Refuse _ -> WHEN_DONE;
            case ClusterStep.Wait _ -> WHILE_WAITING;
            default -> AFTER_A_STEP;
        };
        if (status.equals(cluster.getStatus())) {
            return UpdateControl.<GroupMembershipCluster>noUpdate().rescheduleAfter(delay);
        }
        GroupMembershipCluster patch = GroupMembershipCluster.of(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName(), cluster.getSpec());
        patch.setStatus(status);
        return UpdateControl.patchStatus(patch).rescheduleAfter(delay);
    }

    /** The groups of each cluster, which are followed by somebody else. */
    public interface ClusterGroups {
        /** Called at each look at a cluster. */
        void seen(GroupMembershipCluster cluster);

        /**
         * Called at each look at a cluster that was formed.
         *
         * @param nodes base URLs of the nodes that are ready
         * @param http to call them with, the same at each look
         */
        void follow(GroupMembershipCluster cluster, List<URI> nodes, HttpClient http);

        /** The cluster is gone. */
        void forget(GroupMembershipCluster cluster);

        Optional<ClusterReport.Counts> counts(GroupMembershipCluster cluster);
    }
}
