package io.groupmembership.operator.group.follow;

import java.util.List;
import java.util.Optional;

/**
 * A view in short.
 *
 * @param view its number, 0 for a group that nobody ever joined
 * @param firstIds the ids of the first members, in join order
 */
public record GroupSummary(long view, int members, List<String> firstIds) {
    /** What the nodes say of a group that they don't know. */
    public static final GroupSummary NONE = new GroupSummary(0, 0, List.of());

    public Optional<String> leader() {
        return firstIds.isEmpty() ? Optional.empty() : Optional.of(firstIds.getFirst());
    }
}
