package io.groupmembership.sidecar.member;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.sidecar.cluster.EventStream;
import io.groupmembership.sidecar.cluster.GroupEvent;
import io.groupmembership.sidecar.cluster.HttpCall;
import io.groupmembership.sidecar.cluster.NodeList;
import io.groupmembership.sidecar.cluster.NodeRequest;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows one incarnation of the member through the views of its group, on one stream of events at a time, until it is
 * gone.
 *
 * <p>The stream begins with the change that brought the member in, so that a join into a large group need not read the
 * whole view. It is resumed where it broke, at another node, after a wait that is drawn at random. Where a stream that
 * should have all changes lacks one, a full view is asked for.
 */
final class GroupFollower {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    private static final Duration HEAD_LIMIT = Duration.ofSeconds(10);
    /** Nodes show signs of life every 15 seconds. */
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(45);

    private static final Duration BACKOFF_BASE = Duration.ofMillis(250);
    private static final Duration BACKOFF_MOST = Duration.ofSeconds(5);
    private static final Duration LASTING = Duration.ofSeconds(10);
    private static final int MOST_DOUBTS = 3;

    /** How following came to its end. */
    sealed interface Outcome {
        /** A view says so. */
        record Gone(long view, String reason) implements Outcome {}

        /** The nodes show no view that is new enough, or no such group: only another join can tell. */
        record InDoubt() implements Outcome {}

        record Stopped() implements Outcome {}
    }

    private final NodeList nodes;
    private final GroupPath path;
    private final StatusBoard board;
    private final StopRequest stop;
    private final ErrorLines errors;
    private final Backoff backoff;
    private final long incarnation;
    private long knownView;
    private boolean fullViewNeeded;
    private int doubts;
    private @Nullable Closeable reading;
    private boolean doubted;

    /** @param firstView the first view that has the incarnation */
    GroupFollower(
            NodeList nodes,
            GroupPath path,
            StatusBoard board,
            StopRequest stop,
            ErrorLines errors,
            RandomGenerator random,
            long incarnation,
            long firstView) {
        this.nodes = nodes;
        this.path = path;
        this.board = board;
        this.stop = stop;
        this.errors = errors;
        this.backoff = new Backoff(BACKOFF_BASE, BACKOFF_MOST, random);
        this.incarnation = incarnation;
        this.knownView = Math.max(0, firstView - 1);
    }

    Outcome follow() {
        while (!stop.isRequested()) {
            HostPort node = nodes.current();
            long begunNanos = System.nanoTime();
            try (HttpCall call = nodes.call(node)) {
                stop.closes(call);
                closedByDoubt(call);
                Optional<Outcome> end = readStream(call);
                if (end.isPresent()) {
                    return end.get();
                }
            } catch (IOException e) {
                if (!stop.isRequested() && !isDoubted()) {
                    errors.sayAtTimes("the stream of changes broke, resuming it: " + nodes.url(node) + ": "
                            + ErrorLines.describe(e));
                }
            }
            if (doubts >= MOST_DOUBTS || isDoubted()) {
                return new Outcome.InDoubt();
            }
            if (System.nanoTime() - begunNanos > LASTING.toNanos()) {
                backoff.reset();
            }
            nodes.failed(node);
            if (stop.pause(backoff.next())) {
                break;
            }
        }
        return new Outcome.Stopped();
    }

    /** Ends following, in doubt. From any thread. */
    void doubt() {
        Closeable closing;
        synchronized (this) {
            doubted = true;
            closing = reading;
        }
        closeQuietly(closing);
    }

    private void closedByDoubt(Closeable call) {
        boolean late;
        synchronized (this) {
            reading = call;
            late = doubted;
        }
        if (late) {
            closeQuietly(call);
        }
    }

    private synchronized boolean isDoubted() {
        return doubted;
    }

    private static void closeQuietly(@Nullable Closeable call) {
        try {
            if (call != null) {
                call.close();
            }
        } catch (IOException e) {
            // a connection that can't be closed is a connection that is closed
        }
    }

    /** Returns an outcome, or nothing where the stream has to be opened anew. */
    private Optional<Outcome> readStream(HttpCall call) throws IOException {
        @Nullable String lastEventId = fullViewNeeded ? null : Long.toString(knownView);
        call.send(NodeRequest.watch(path.watch(), lastEventId), CONNECT_LIMIT, HEAD_LIMIT);
        if (call.status() != 200) {
            // a group that is not there has no members, but this node may lag behind
            doubts += call.status() == 404 ? 1 : 0;
            throw new IOException("HTTP status " + call.status());
        }
        call.limitEachRead(SILENCE_LIMIT);
        EventStream events = new EventStream(call.body());
        while (true) {
            Optional<EventStream.Event<GroupEvent>> event =
                    events.next(data -> GroupEvent.read(data, path.memberId(), incarnation));
            if (event.isEmpty()) {
                return Optional.empty();
            }
            switch (PresenceDecision.of(event.get().data(), incarnation, knownView)) {
                case PresenceDecision.Present present -> {
                    knownView = present.view();
                    fullViewNeeded = false;
                    doubts = 0;
                    board.view(present.view(), present.leader());
                }
                case PresenceDecision.Known _ -> doubts = 0;
                case PresenceDecision.Gone gone -> {
                    return Optional.of(new Outcome.Gone(gone.view(), gone.reason()));
                }
                case PresenceDecision.Gap _ -> {
                    fullViewNeeded = true;
                    return Optional.empty();
                }
                case PresenceDecision.Outdated _ -> {
                    doubts++;
                    return Optional.empty();
                }
            }
        }
    }
}
