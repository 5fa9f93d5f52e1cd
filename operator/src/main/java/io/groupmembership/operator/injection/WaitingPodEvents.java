package io.groupmembership.operator.injection;

import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.operator.event.EventWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Writes events on pods that wait. Whoever watches the pods calls {@link #sweep} every ten seconds or so, as nothing
 * changes in a pod while it waits. A sweep ends after {@link #LIMIT}; what it did not come to, the next ones do, as what was
 * said is not said again.
 */
public final class WaitingPodEvents {
    static final Duration LIMIT = Duration.ofSeconds(5);

    private final EventWriter events;
    private final Function<ClusterKey, Optional<GroupMembershipCluster>> clusters;
    private final InstantSource clock;

    /** @param clusters finds a cluster in memory */
    public WaitingPodEvents(
            EventWriter events, Function<ClusterKey, Optional<GroupMembershipCluster>> clusters, InstantSource clock) {
        this.events = events;
        this.clusters = clusters;
        this.clock = clock;
    }

    /** @param pods all that wait, in any order */
    public void sweep(Stream<WaitingPod> pods) {
        Instant end = clock.instant().plus(LIMIT);
        Iterator<WaitingPod> rest = pods.iterator();
        while (rest.hasNext() && clock.instant().isBefore(end)) {
            WaitingPod pod = rest.next();
            WaitingMessage.of(pod, pod.cluster().flatMap(clusters), clock.instant())
                    .ifPresent(message -> events.write(
                            EventWriter.pod(pod.namespace(), pod.name(), pod.uid()),
                            EventWriter.Type.WARNING,
                            "Waiting",
                            message.reason(),
                            message.message()));
        }
    }
}
