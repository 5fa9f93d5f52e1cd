package io.groupmembership.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;

/** Does something each time that the operator reports a step of a cluster, while the step is fresh. */
final class AtEachStep implements AutoCloseable {
    private final List<String> words = new CopyOnWriteArrayList<>();
    private final Instant since = Instant.now();
    private final Watch watch;

    /** @param action with the count of the step, from 0 */
    AtEachStep(Namespace namespace, String cluster, IntConsumer action) {
        this.watch = namespace
                .client()
                .events()
                .v1()
                .events()
                .inNamespace(namespace.name())
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action what, Event event) {
                        if (what == Action.ADDED
                                && "Step".equals(event.getAction())
                                && cluster.equals(event.getRegarding().getName())
                                && Instant.parse(event.getMetadata().getCreationTimestamp())
                                        .isAfter(since)) {
                            words.add(event.getReason());
                            action.accept(words.size() - 1);
                        }
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        words.add("the watch ended: " + cause);
                    }
                });
    }

    /** The reasons of the steps that were seen, in order. */
    List<String> words() {
        return List.copyOf(words);
    }

    @Override
    public void close() {
        watch.close();
    }
}
