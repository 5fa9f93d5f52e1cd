package io.groupmembership.operator.group.follow;

import java.util.List;
import java.util.OptionalLong;

/** An event of a node's {@code GET /v1/watch}. */
sealed interface WatchEvent {
    /** The log index that a follower has everything up to which has this event; not every event has one. */
    OptionalLong id();

    /**
     * The whole view of one group. All groups come, one after the other; the last one has the id.
     *
     * @param members belongs to whoever takes the event
     */
    record Whole(GroupKey group, long view, MemberTable members, OptionalLong id) implements WatchEvent {}

    /** What one view changed against the one before it: those who left go first. */
    record Change(GroupKey group, long view, List<MirroredMember> joined, List<Departure> left, OptionalLong id)
            implements WatchEvent {}

    /** An id and nothing else: the whole of a cluster without groups. */
    record Nothing(OptionalLong id) implements WatchEvent {}
}
