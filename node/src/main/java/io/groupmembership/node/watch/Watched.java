package io.groupmembership.node.watch;

import io.groupmembership.membership.GroupKey;

/** What a stream is about. */
sealed interface Watched {
    /** One group: its stream counts in view numbers. */
    record Group(GroupKey key) implements Watched {}

    /** Every group: the stream counts in log indexes, several changes may share one. */
    record Everything() implements Watched {}
}
