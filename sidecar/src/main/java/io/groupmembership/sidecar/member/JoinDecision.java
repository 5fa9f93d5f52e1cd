package io.groupmembership.sidecar.member;

import io.groupmembership.protocol.api.JoinResponse;
import io.groupmembership.protocol.api.Problem;
import java.time.Duration;
import java.util.Optional;

/**
 * What follows from a node's answer to a join.
 *
 * <p>The rules, with the status that each is for:
 * <ol>
 *   <li>200, 201: the member is in.
 *   <li>202: a predecessor's lease still runs. The same request again, later.
 *   <li>409 that names a living incarnation: another instance is in under this memberId. If this process has never
 *       been a member, that is its predecessor, and the joiner takes its place. If the incarnation is greater than
 *       every one that this process held, that is its successor, and the joiner gives way: two processes with one
 *       memberId would else push each other out for ever.
 *   <li>409 that names none: the membership of this instance has ended. Another instance may join.
 *   <li>408, 425, 429 and every 5xx: not now. Another node, after the Retry-After where there is one.
 *   <li>every other 4xx: the request is wrong, and stays wrong.
 * </ol>
 */
public sealed interface JoinDecision {
    /** The longest that a node's Retry-After is believed. */
    Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(30);

    /** The answer has a membership in it. */
    record Adopt() implements JoinDecision {}

    /** The same request to the same node, after this time. */
    record Await(Duration time) implements JoinDecision {}

    /** The same request to another node, after this time at least. */
    record AskAnother(Duration time, String why) implements JoinDecision {}

    /** A new request that names the living incarnation. */
    record TakePlaceOf(long incarnation) implements JoinDecision {}

    /** A successor is in: the end. */
    record GiveWay(long incarnation) implements JoinDecision {}

    /** A new request by a new instance. */
    record DrawNewInstance() implements JoinDecision {}

    /** The end, with a line for people. */
    record Refused(String message) implements JoinDecision {}

    /** Whether the status promises a {@link JoinResponse} in the body. */
    static boolean isAccepted(int status) {
        return status == 200 || status == 201;
    }

    /**
     * @param status not one that {@link #isAccepted}
     * @param retryAfter the answer's Retry-After
     * @param problem the answer's body
     * @param highestHeld the greatest incarnation that this process has held, 0 before the first
     */
    static JoinDecision of(int status, Optional<Duration> retryAfter, Problem problem, long highestHeld) {
        if (isAccepted(status)) {
            return new Adopt();
        }
        Duration asked = retryAfter.orElse(Duration.ZERO);
        Duration wait = asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
        if (status == 202) {
            return new Await(wait);
        }
        if (status == 409) {
            Long living = problem.incarnation();
            if (living == null) {
                return new DrawNewInstance();
            }
            return highestHeld > 0 && living > highestHeld ? new GiveWay(living) : new TakePlaceOf(living);
        }
        boolean wrongRequest = status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
        return wrongRequest ? new Refused(describe(problem)) : new AskAnother(wait, describe(problem));
    }

    private static String describe(Problem problem) {
        String text = problem.field() == null ? problem.detail() : problem.field() + ": " + problem.detail();
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
