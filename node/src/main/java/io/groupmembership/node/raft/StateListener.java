package io.groupmembership.node.raft;

import io.groupmembership.membership.EventSink;
import io.groupmembership.membership.MembershipState;

/**
 * Hears of every change, in log order, on the thread that applies entries: must return at once. The new state is
 * visible to readers before {@link #applied} is called.
 */
public interface StateListener extends EventSink {
    /** The state was loaded from a snapshot: everything may be different. */
    default void replaced(MembershipState state) {}

    /** An entry was applied, after the events of all its commands. */
    default void applied(long logIndex) {}
}
