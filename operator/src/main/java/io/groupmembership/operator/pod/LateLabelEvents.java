package io.groupmembership.operator.pod;

import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.groupmembership.operator.event.EventWriter;
import java.util.stream.Stream;

/** Tells pods that were labelled after they were created, when no sidecar can be put into them any more. */
public final class LateLabelEvents {
    /** Of one sweep: the next ones go on, as what was said is not said again for a while. */
    private static final int MOST = 100;

    private final EventWriter events;

    public LateLabelEvents(EventWriter events) {
        this.events = events;
    }

    public void sweep(Stream<PodView> pods) {
        pods.filter(pod -> !pod.injected() && !pod.terminating() && !pod.hasEnded())
                .limit(MOST)
                .forEach(pod -> events.write(
                        new ObjectReferenceBuilder()
                                .withApiVersion("v1")
                                .withKind("Pod")
                                .withNamespace(pod.namespace())
                                .withName(pod.name())
                                .withUid(pod.uid().toString())
                                .build(),
                        EventWriter.Type.WARNING,
                        "Injecting",
                        "NotInjected",
                        "The pod was labelled for group " + pod.group() + " after it was created, or where nothing is"
                                + " injected, so it has no sidecar and is no member: label the pod template, or create"
                                + " the pod anew"));
    }
}
