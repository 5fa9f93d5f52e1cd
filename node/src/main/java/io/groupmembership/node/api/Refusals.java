package io.groupmembership.node.api;

import io.groupmembership.membership.Result.Refused;

/** Which problem a refusal of the replicated state is answered with. */
final class Refusals {
    private Refusals() {}

    static ProblemException problem(Refused refused) {
        long number = refused.number();
        return switch (refused.reason()) {
            case OTHER_INSTANCE ->
                Problems.conflict(
                        "other-instance",
                        "another instance is in under this memberId, with incarnation " + number
                                + ": to take its place, name it in replaces",
                        number);
            case MEMBERSHIP_ENDED ->
                Problems.conflict(
                        "membership-ended",
                        "this instance was a member, with incarnation " + number
                                + ", and no longer is: draw a new instance to join again");
            case GROUP_FULL ->
                Problems.conflict("group-full", "the group has the " + number + " members that its policy allows");
            case TOO_MANY_GROUPS ->
                Problems.full("too-many-groups", "the cluster has all the " + number + " groups it takes");
            case NOT_A_MEMBER -> Problems.notFound("not-a-member", "the group has no member with this memberId");
            case OTHER_INCARNATION ->
                Problems.conflict("other-incarnation", "the member that is in now has incarnation " + number, number);
            case CONDITION_FAILED -> Problems.conditionFailed(number);
            case KEY_NOT_FOUND -> Problems.notFound("key-not-found", "the key does not exist");
            case STORE_FULL -> Problems.full("store-full", "the key-value store has the " + number + " bytes it takes");
            case GIVEN_UP -> Problems.outcomeUnknown("this node gave the request up");
            case IDEMPOTENCY_KEY_REUSED -> Problems.idempotencyKeyReused();
            case LAST_LIVE_NODE, UNKNOWN_NODE, TOO_MANY_NODES ->
                Problems.conflict("refused", "the cluster's nodes do not allow it");
        };
    }
}
