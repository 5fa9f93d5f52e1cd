package io.groupmembership.operator.pod;

import io.groupmembership.operator.informer.SlimInformer;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The pods that are labelled to be members of some group, in all namespaces. */
public interface PodDirectory {
    /** Whether every pod that there was at the start is known: before that, an absent pod means nothing. */
    boolean hasSynced();

    Optional<PodView> byUid(UUID uid);

    Stream<PodView> all();

    /** A pod that loses its label is reported as gone, like one that was deleted. */
    void addListener(SlimInformer.Listener<PodView> listener);

    void removeListener(SlimInformer.Listener<PodView> listener);
}
