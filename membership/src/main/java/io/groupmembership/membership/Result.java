package io.groupmembership.membership;

import java.util.List;

/** What became of a command. */
public sealed interface Result {
    /** One result for each joiner, in order. */
    record Joins(List<Result> results) implements Result {}

    /**
     * A member is in.
     *
     * @param created false where this instance was in already
     * @param view a view that has the member: the first one where it was created
     * @param monitor the nodeId of its monitor, empty where no node is live
     */
    record Joined(boolean created, long incarnation, long view, String monitor, long intervalMillis, int misses)
            implements Result {}

    /** A membership that ended, and the first view without it. */
    record Left(long incarnation, long view) implements Result {}

    /** A membership that ends when its lease has run out; for a joiner, the predecessor that it has to wait for. */
    record Revoked(long incarnation) implements Result {}

    /** How many of a cut's targets were still in. */
    record Removed(int members) implements Result {}

    /** Carried out; there is nothing to add. */
    record Done() implements Result {}

    /** A value was written. */
    record Written(long version, boolean created) implements Result {}

    /** @param number what the reason says it is */
    record Refused(Refusal reason, long number) implements Result {}

    /** Why nothing was changed, and what the number with it means. The order is part of the formats: add at the end. */
    enum Refusal {
        /** Another instance has the id; the number is its incarnation. */
        OTHER_INSTANCE,
        /** This instance was a member and no longer is; the number is the incarnation that it had. */
        MEMBERSHIP_ENDED,
        /** The number is how many members the group may have. */
        GROUP_FULL,
        /** The number is how many groups the cluster may have. */
        TOO_MANY_GROUPS,
        NOT_A_MEMBER,
        /** The number is the incarnation that the member has. */
        OTHER_INCARNATION,
        /** The number is the version that the key has, 0 where it does not exist. */
        CONDITION_FAILED,
        KEY_NOT_FOUND,
        /** The number is how many bytes the store may have. */
        STORE_FULL,
        /** The idempotency key came with another request before. */
        IDEMPOTENCY_KEY_REUSED,
        /** The batch was given up by its sender before it came to be applied, or so long ago that nobody recalls. */
        GIVEN_UP,
        LAST_LIVE_NODE,
        UNKNOWN_NODE,
        /** The number is how many nodes the cluster may ever register. */
        TOO_MANY_NODES
    }
}
