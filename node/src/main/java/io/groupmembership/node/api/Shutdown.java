package io.groupmembership.node.api;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Says when the node has begun to shut down: from then on requests are refused, and streams end, so that clients turn
 * to another node while this one finishes what it has begun.
 */
@ApplicationScoped
public class Shutdown {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean begun;

    public boolean hasBegun() {
        return begun;
    }

    /** Registers what is to be done, once, when it begins. */
    public void onBegin(Runnable listener) {
        listeners.add(listener);
    }

    void begin(@Observes ShutdownDelayInitiatedEvent event) {
        begin();
    }

    void end(@Observes ShutdownEvent event) {
        begin();
    }

    private synchronized void begin() {
        if (!begun) {
            begun = true;
            listeners.forEach(Runnable::run);
        }
    }
}
