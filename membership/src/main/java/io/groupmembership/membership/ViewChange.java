package io.groupmembership.membership;

import java.util.List;
import java.util.Optional;

/**
 * What one view changed against the one before it.
 *
 * @param logIndex the index of the log entry that made it; several changes may share one
 * @param view the number of the new view
 * @param leader the memberId of the new view's first member
 */
public record ViewChange(
        long logIndex, GroupKey group, long view, Optional<String> leader, List<Member> joined, List<Left> left) {
    /** A membership that the view no longer has. */
    public record Left(Member member, LeaveReason reason) {}

    /** What it costs to remember this change, in members. */
    int weight() {
        return 1 + joined.size() + left.size();
    }
}
