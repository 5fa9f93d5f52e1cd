package io.groupmembership.operator.pod;

import io.groupmembership.operator.event.EventWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;

/** Tells pods that were labelled after they were created, when no sidecar can be put into them any more. */
public final class LateLabelEvents {
    /** Of one sweep: the next ones go on, as what was said is not said again for a while. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final EventWriter events;
    private final InstantSource clock;

    public LateLabelEvents(EventWriter events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    public void sweep(Stream<PodView> pods) {
        Instant end = clock.instant().plus(LIMIT);
        pods.filter(pod -> !pod.injected() && !pod.terminating() && !pod.hasEnded())
                .takeWhile(_ -> clock.instant().isBefore(end))
                .forEach(pod -> events.write(
                        EventWriter.pod(pod.namespace(), pod.name(), pod.uid().toString()),
                        EventWriter.Type.WARNING,
                        "Injecting",
                        "NotInjected",
                        "The pod was labelled for group " + pod.group() + " after it was created, or where nothing is"
                                + " injected, so it has no sidecar and is no member: label the pod template, or create"
                                + " the pod anew"));
    }
}
