package io.groupmembership.sidecar.member;

import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.api.JoinRequest;
import io.groupmembership.protocol.api.JoinResponse;
import io.groupmembership.sidecar.cluster.ClusterJson;
import io.groupmembership.sidecar.cluster.HttpCall;
import io.groupmembership.sidecar.cluster.NodeList;
import io.groupmembership.sidecar.cluster.NodeRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks one node after the other until one of them has decided on a join. What each answer means is
 * {@link JoinDecision}'s to say. Retries of one request carry one Idempotency-Key; a request that says something else
 * gets another.
 */
public final class JoinLoop {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(10);
    private static final Duration BACKOFF_BASE = Duration.ofMillis(100);
    private static final Duration BACKOFF_MOST = Duration.ofSeconds(5);
    private static final Duration WITHOUT_END = Duration.ofDays(36_500);
    private static final int ANSWER_BYTES = 64 * 1024;

    /** How asking came to its end. */
    public sealed interface Outcome {
        /** The member is in. */
        record Joined(JoinResponse membership) implements Outcome {}

        /** The membership of this instance has ended. */
        record InstanceEnded() implements Outcome {}

        /** Another instance that joined later is in. */
        record Succeeded(long incarnation) implements Outcome {}

        /** No node will ever accept this request, or none answered within the time limit. */
        record Refused(String message) implements Outcome {}

        /**
         * Asked to stop before a node had decided.
         *
         * @param asked whether a node may have heard of the join
         */
        record Stopped(boolean asked) implements Outcome {}
    }

    /**
     * @param application where the application is reached, host:port
     * @param heartbeatAddress where heartbeats go, null for the same
     */
    public record Place(
            String application, String heartbeat, @Nullable String heartbeatAddress) {}

    private final NodeList nodes;
    private final GroupPath path;
    private final Place place;
    private final Map<String, @Nullable String> metadata;
    private final StopRequest stop;
    private final ErrorLines errors;
    private final RandomGenerator random;

    public JoinLoop(
            NodeList nodes,
            GroupPath path,
            Place place,
            Map<String, String> metadata,
            StopRequest stop,
            ErrorLines errors,
            RandomGenerator random) {
        this.nodes = nodes;
        this.path = path;
        this.place = place;
        this.metadata = new LinkedHashMap<>(metadata);
        this.stop = stop;
        this.errors = errors;
        this.random = random;
    }

    /**
     * Asks without end.
     *
     * @param highestHeld the greatest incarnation that this process has held, 0 before the first
     */
    Outcome join(UUID instance, long highestHeld) {
        return join(instance, highestHeld, WITHOUT_END);
    }

    /** Asks for a member that nobody stays behind for, and for this long at most. */
    public Outcome joinWithoutAgent(Duration patience) {
        return join(null, 0, patience);
    }

    private Outcome join(@Nullable UUID instance, long highestHeld, Duration patience) {
        Backoff backoff = new Backoff(BACKOFF_BASE, BACKOFF_MOST, random);
        long begunNanos = System.nanoTime();
        boolean asked = false;
        Long replaces = null;
        String key = UUID.randomUUID().toString();
        String why = "another instance holds the place";
        for (int failures = 0; !stop.isRequested(); ) {
            HostPort node = nodes.current();
            Duration wait;
            Answer answer = attempt(node, request(instance, replaces), key, highestHeld);
            asked |= answer.asked;
            if (answer.membership != null) {
                return new Outcome.Joined(answer.membership);
            }
            switch (answer.decision) {
                case JoinDecision.Refused refused -> {
                    return new Outcome.Refused(refused.message());
                }
                case JoinDecision.GiveWay successor -> {
                    return new Outcome.Succeeded(successor.incarnation());
                }
                case JoinDecision.DrawNewInstance _ -> {
                    return new Outcome.InstanceEnded();
                }
                case JoinDecision.TakePlaceOf predecessor -> {
                    // the first time at once; who lives there may change while we ask, but not without end
                    wait = replaces == null ? Duration.ZERO : backoff.next();
                    if (replaces != null && replaces == predecessor.incarnation()) {
                        errors.sayAtTimes("waiting until incarnation " + replaces
                                + ", another pod of this name, has left or has missed its heartbeats");
                    }
                    replaces = predecessor.incarnation();
                    key = UUID.randomUUID().toString();
                }
                case JoinDecision.Await later -> {
                    errors.sayAtTimes("waiting until the lease of another process of this name is over");
                    wait = later.time().plus(backoff.next());
                }
                case JoinDecision.AskAnother other -> {
                    if (stop.isRequested()) {
                        // to take the join back is asked of the same node, which has not yet decided on it
                        return new Outcome.Stopped(asked);
                    }
                    nodes.failed(node);
                    failures++;
                    if (failures >= nodes.size()) {
                        errors.sayAtTimes("no node has accepted the join yet, still trying: " + nodes.url(node) + ": "
                                + other.why());
                    }
                    why = nodes.url(node) + ": " + other.why();
                    wait = other.time().plus(backoff.next());
                }
                case JoinDecision.Adopt _ -> throw new IllegalStateException("a membership has been returned above");
            }
            if (System.nanoTime() - begunNanos + wait.toNanos() > patience.toNanos()) {
                return new Outcome.Refused(
                        "no node has accepted the join within " + patience.toSeconds() + " s: " + why);
            }
            if (stop.pause(wait)) {
                break;
            }
        }
        return new Outcome.Stopped(asked);
    }

    private String request(@Nullable UUID instance, @Nullable Long replaces) {
        return ClusterJson.joinRequest(new JoinRequest(
                path.memberId(),
                place.application,
                place.heartbeat,
                place.heartbeatAddress,
                instance == null ? null : instance.toString(),
                replaces,
                metadata));
    }

    /**
     * Either a membership, or what to do instead.
     *
     * @param asked whether the node may have heard of it
     */
    private record Answer(@Nullable JoinResponse membership, JoinDecision decision, boolean asked) {}

    private Answer attempt(HostPort node, String body, String key, long highestHeld) {
        HttpCall call = nodes.call(node);
        try (call) {
            stop.closes(call);
            call.send(NodeRequest.write("POST", path.join(), key, body), CONNECT_LIMIT, ATTEMPT_LIMIT);
            ByteArrayInputStream answer = new ByteArrayInputStream(call.bodyOfAtMost(ANSWER_BYTES));
            if (JoinDecision.isAccepted(call.status())) {
                return new Answer(ClusterJson.joinResponse(answer), new JoinDecision.Adopt(), true);
            }
            return new Answer(
                    null,
                    JoinDecision.of(
                            call.status(), call.retryAfter(), ClusterJson.problem(call.status(), answer), highestHeld),
                    true);
        } catch (IOException e) {
            return new Answer(
                    null, new JoinDecision.AskAnother(Duration.ZERO, ErrorLines.describe(e)), call.wasConnected());
        }
    }
}
