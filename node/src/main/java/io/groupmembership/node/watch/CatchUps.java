package io.groupmembership.node.watch;

import io.groupmembership.node.api.EncodedBodies;
import io.groupmembership.node.api.EncodedBody;
import io.groupmembership.node.api.ViewReading;
import io.groupmembership.node.raft.Replica;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Fetches what watchers lack, on a thread of its own. Requests that wait at the same time and lack the same are served
 * by one look at the state and one encoding. A watcher has one request under way at most, so the queue is bounded by
 * their number.
 */
@ApplicationScoped
class CatchUps {
    /** Frames in one answer: what a reader takes at once, more or less; the rest is fetched when it has. */
    static final int MOST_FRAMES = 256;

    private static final Logger LOG = Logger.getLogger(CatchUps.class);

    private record Lack(Watched watched, long position) {}

    private record Request(Lack lack, Consumer<CatchUpAnswer> receiver) {}

    private final Replica replica;
    private final EncodedBodies bodies;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("gm-catch-up").factory());
    private final ConcurrentLinkedQueue<Request> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    CatchUps(Replica replica, EncodedBodies bodies) {
        this.replica = replica;
        this.bodies = bodies;
    }

    /** @param receiver hears the answer on some thread, once, and must not block it */
    void request(Watched watched, long position, Consumer<CatchUpAnswer> receiver) {
        waiting.add(new Request(new Lack(watched, position), receiver));
        if (scheduled.compareAndSet(false, true)) {
            thread.execute(this::serve);
        }
    }

    private void serve() {
        scheduled.set(false);
        Map<Lack, List<Consumer<CatchUpAnswer>>> receivers = new LinkedHashMap<>();
        for (Request next = waiting.poll(); next != null; next = waiting.poll()) {
            receivers.computeIfAbsent(next.lack(), lack -> new ArrayList<>()).add(next.receiver());
        }
        receivers.forEach(this::serve);
    }

    private void serve(Lack lack, List<Consumer<CatchUpAnswer>> receivers) {
        try {
            CatchUpDecision decision =
                    replica.read(state -> CatchUpDecision.of(state, lack.watched(), lack.position()));
            switch (decision) {
                case CatchUpDecision.Changes changes -> {
                    CatchUpAnswer answer = frames(lack.watched(), changes);
                    receivers.forEach(receiver -> receiver.accept(answer));
                }
                case CatchUpDecision.Anew anew -> receivers.forEach(receiver -> send(lack.watched(), anew, receiver));
            }
        } catch (RuntimeException e) {
            LOG.warnf(e, "watchers of %s can't be served", lack.watched());
            receivers.forEach(receiver -> receiver.accept(new CatchUpAnswer.Failed(e)));
        }
    }

    private static CatchUpAnswer frames(Watched watched, CatchUpDecision.Changes lacking) {
        List<Frame> frames = new ArrayList<>();
        boolean complete = lacking.changes().size() <= MOST_FRAMES;
        switch (watched) {
            case Watched.Group group ->
                lacking.changes().stream()
                        .limit(MOST_FRAMES)
                        .map(change -> EventEncoder.ofGroup(List.of(change), lacking.monitors()))
                        .forEach(frames::add);
            case Watched.Everything everything -> {
                int end = complete ? lacking.changes().size() : endOfEntry(lacking);
                frames.addAll(EventEncoder.ofEntries(lacking.changes().subList(0, end), lacking.monitors()));
            }
        }
        return new CatchUpAnswer.Frames(List.copyOf(frames), complete, lacking.head());
    }

    /** The end of the entry that the last change of an answer belongs to. */
    private static int endOfEntry(CatchUpDecision.Changes lacking) {
        int end = MOST_FRAMES;
        long position = lacking.changes().get(end - 1).position();
        while (end < lacking.changes().size() && lacking.changes().get(end).position() == position) {
            end++;
        }
        return end;
    }

    private void send(Watched watched, CatchUpDecision.Anew anew, Consumer<CatchUpAnswer> receiver) {
        boolean whole = watched instanceof Watched.Everything;
        CompletableFuture<EncodedBody> encoding =
                whole ? all(anew) : bodies.view(anew.views().getFirst());
        encoding.whenComplete((body, failure) -> receiver.accept(
                        body == null
                                ? new CatchUpAnswer.Failed(failure)
                                : new CatchUpAnswer.Anew(
                                        anew.reset(),
                                        whole ? "" : EventEncoder.head(anew.event(), anew.head()),
                                        body,
                                        whole ? "" : "\n\n",
                                        anew.head())))
                .exceptionally(failure -> {
                    LOG.error("a watcher's answer got lost", failure);
                    throw new IllegalStateException(failure);
                });
    }

    private CompletableFuture<EncodedBody> all(CatchUpDecision.Anew anew) {
        record Key(String event, long position, long assignmentGeneration) {}
        List<ViewReading> views = anew.views();
        long generation = views.isEmpty() ? 0 : views.getFirst().assignmentGeneration();
        int items = views.stream()
                .mapToInt(view -> 1 + view.view().members().size())
                .sum();
        return bodies.encode(
                new Key(anew.event(), anew.head(), generation),
                items,
                json -> EventEncoder.writeAll(json, anew.event(), views, anew.head()));
    }

    @PreDestroy
    void stop() {
        thread.shutdownNow();
    }
}
