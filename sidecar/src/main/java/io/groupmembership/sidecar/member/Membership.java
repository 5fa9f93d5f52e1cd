package io.groupmembership.sidecar.member;

import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.api.JoinResponse;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.sidecar.cluster.NodeList;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The life of a member, as long as the agent lives:
 *
 * <ol>
 *   <li>Join, as a new instance.
 *   <li>Adopt the incarnation if it is greater than any held before. A smaller one comes from another cluster, where
 *       the numbers that were handed out as fencing tokens mean nothing: the end.
 *   <li>Follow the group's views.
 *   <li>Gone because somebody else ended the membership for good: the end. Because another instance took the place: the
 *       end too, or, where that would only have the agent started again with no memory of its successor, wait until the
 *       place is free. Gone for another reason: draw a new instance, and join again.
 *   <li>In doubt whether still a member, or without the key that a node speaks with: join again as the same instance,
 *       which is the same join.
 *   <li>Asked to stop: leave. While a join is not answered, or has to wait: withdraw it.
 * </ol>
 *
 * <p>Runs on one thread. Everybody else reads the {@link StatusBoard}.
 */
public final class Membership {
    private static final Duration BACKOFF_BASE = Duration.ofMillis(200);
    private static final Duration BACKOFF_MOST = Duration.ofSeconds(10);
    private static final Duration LASTING = Duration.ofMinutes(1);

    /** How the life came to its end. */
    public sealed interface Ending {
        /** As asked. */
        record Stopped() implements Ending {}

        /** The nodes refuse this member, or make no sense to it. */
        record Refused(String message) implements Ending {}

        /** Others ended the membership for good. */
        record TakenAway(String message) implements Ending {}
    }

    private final NodeList nodes;
    private final GroupPath path;
    private final JoinLoop joinLoop;
    private final StatusBoard board;
    private final StopRequest stop;
    private final ErrorLines errors;
    private final RandomGenerator random;
    private final Heartbeats heartbeats;
    private final boolean waitsWhenReplaced;
    private UUID instance = UUID.randomUUID();
    private long highestHeld;
    private boolean member;
    private volatile @Nullable GroupFollower follower;

    public Membership(
            NodeList nodes,
            GroupPath path,
            JoinLoop joinLoop,
            StatusBoard board,
            StopRequest stop,
            ErrorLines errors,
            RandomGenerator random,
            Heartbeats heartbeats,
            boolean waitsWhenReplaced) {
        this.nodes = nodes;
        this.path = path;
        this.joinLoop = joinLoop;
        this.board = board;
        this.stop = stop;
        this.errors = errors;
        this.random = random;
        this.heartbeats = heartbeats;
        this.waitsWhenReplaced = waitsWhenReplaced;
    }

    /** A node speaks with a key that only another join can tell. From any thread; not obeyed while joining. */
    public void askForKey() {
        GroupFollower current = follower;
        if (current != null) {
            current.doubt();
        }
    }

    /** Returns when the member's life is over. */
    public Ending live() {
        Backoff rejoin = new Backoff(BACKOFF_BASE, BACKOFF_MOST, random);
        board.joining(instance);
        while (true) {
            switch (joinLoop.join(instance, highestHeld)) {
                case JoinLoop.Outcome.Stopped stopped -> {
                    if (!member && stopped.asked()) {
                        new Leaving(nodes, path, stop, errors).withdraw(instance);
                    }
                    return leave();
                }
                case JoinLoop.Outcome.Refused refused -> {
                    return new Ending.Refused(refused.message());
                }
                case JoinLoop.Outcome.Succeeded successor -> {
                    lose(board.now().view(), "replaced");
                    String why = "incarnation " + successor.incarnation() + " has taken its place";
                    if (!waitsWhenReplaced) {
                        return takenAway(why);
                    }
                    errors.sayAtTimes("waiting until the place is free: " + why);
                    if (stop.pause(rejoin.next())) {
                        return leave();
                    }
                    continue;
                }
                case JoinLoop.Outcome.InstanceEnded _ -> {
                    lose(board.now().view(), PresenceDecision.MISSING);
                    if (!startAnew(rejoin)) {
                        return leave();
                    }
                    continue;
                }
                case JoinLoop.Outcome.Joined in -> {
                    if (!adopt(in.membership())) {
                        return new Ending.Refused("a node gave incarnation "
                                + in.membership().incarnation() + ", and " + highestHeld
                                + " was held before: this is another cluster, start the agent anew");
                    }
                }
            }
            long begunNanos = System.nanoTime();
            GroupFollower following = new GroupFollower(
                    nodes,
                    path,
                    board,
                    stop,
                    errors,
                    random,
                    highestHeld,
                    board.now().view());
            follower = following;
            switch (following.follow()) {
                case GroupFollower.Outcome.Stopped _ -> {
                    return leave();
                }
                case GroupFollower.Outcome.InDoubt _ -> {
                    // the next join, by the same instance, tells
                }
                case GroupFollower.Outcome.Gone gone -> {
                    lose(gone.view(), gone.reason());
                    if (gone.reason().equals("replaced") && !waitsWhenReplaced) {
                        return takenAway("another instance has taken its place");
                    }
                    if (gone.reason().equals("left")) {
                        return takenAway("somebody else has ended it");
                    }
                    if (System.nanoTime() - begunNanos > LASTING.toNanos()) {
                        rejoin.reset();
                    }
                    if (!startAnew(rejoin)) {
                        return leave();
                    }
                }
            }
        }
    }

    private boolean adopt(JoinResponse membership) {
        boolean known = member && membership.incarnation() == highestHeld;
        if (!known && membership.incarnation() <= highestHeld) {
            return false;
        }
        if (known) {
            board.view(Math.max(membership.view(), 1), board.now().leader());
        } else {
            highestHeld = membership.incarnation();
            member = true;
            board.admitted(highestHeld, membership.view(), membership.monitor());
        }
        Optional<HeartbeatKey> key = key(membership.heartbeat());
        if (key.isEmpty() && membership.heartbeat().mode().equals(HeartbeatMode.UDP.word())) {
            errors.sayAtTimes(
                    "the node gave no key for heartbeats: none can be answered, and the member will be removed");
        }
        heartbeats.adopt(highestHeld, key);
        return true;
    }

    private static Optional<HeartbeatKey> key(JoinResponse.Heartbeat heartbeat) {
        Integer id = heartbeat.keyId();
        String key = heartbeat.key();
        return id == null || key == null ? Optional.empty() : Optional.of(HeartbeatKey.of(id, key));
    }

    private void lose(long view, String reason) {
        heartbeats.end();
        if (!member) {
            return;
        }
        member = false;
        if (reason.equals("left")) {
            board.left();
        } else {
            board.removed(view, reason);
        }
    }

    private boolean startAnew(Backoff rejoin) {
        if (stop.pause(rejoin.next())) {
            return false;
        }
        instance = UUID.randomUUID();
        board.joining(instance);
        return true;
    }

    /** The nodes take whoever says goodbye out at once: from before they hear of it, it is no member any more. */
    private Ending leave() {
        heartbeats.end();
        board.left();
        if (member) {
            new Leaving(nodes, path, stop, errors).leave(highestHeld);
        }
        return new Ending.Stopped();
    }

    private Ending takenAway(String what) {
        return new Ending.TakenAway("the membership of " + path.group() + "/" + path.memberId() + " incarnation "
                + highestHeld + " is over: " + what);
    }
}
