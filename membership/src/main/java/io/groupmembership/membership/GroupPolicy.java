package io.groupmembership.membership;

import io.groupmembership.protocol.Limits;

/**
 * How a group is watched over, and how large it may grow.
 *
 * @param intervalMillis the time between two heartbeats, {@value #MIN_INTERVAL_MILLIS} to {@value #MAX_INTERVAL_MILLIS}
 * @param misses how many unanswered heartbeats in a row mean crashed, 1 to {@value #MAX_MISSES}
 * @param maxMembers how many members the group may have, 1 to a million
 */
public record GroupPolicy(long intervalMillis, int misses, int maxMembers) {
    public static final long MIN_INTERVAL_MILLIS = 100;
    public static final long MAX_INTERVAL_MILLIS = 60_000;
    public static final int MAX_MISSES = 10;
    public static final GroupPolicy DEFAULT = new GroupPolicy(5_000, 3, Limits.DEFAULT_MAX_MEMBERS);

    /** L: for how long a monitor grants a member its membership with each confirmation. */
    public long leaseMillis() {
        return intervalMillis * misses;
    }
}
