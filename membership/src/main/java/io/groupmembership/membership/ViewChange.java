package io.groupmembership.membership;

import java.util.List;
import java.util.Optional;

/**
 * What one view changed against the one before it: those who left go first, then those who joined come in, at the end.
 * Nobody does both in one change, but an id may: that of a member who was replaced.
 *
 * @param position of the log entry that made it: its index, and the recovery epoch above that; several changes may
 *     share one
 * @param view the number of the new view
 * @param leader the memberId of the new view's first member
 */
public record ViewChange(
        long position, GroupKey group, long view, Optional<String> leader, List<Member> joined, List<Left> left) {
    private static final long CHANGE_BYTES = 256;
    private static final long MEMBER_BYTES = 64;

    /** A membership that the view no longer has. */
    public record Left(Member member, LeaveReason reason) {}

    /** About how many bytes it takes to remember this change. */
    long weightBytes() {
        long bytes = CHANGE_BYTES + (joined.size() + left.size()) * MEMBER_BYTES;
        for (Member member : joined) {
            bytes += member.spec().packedBytes();
        }
        for (Left gone : left) {
            bytes += gone.member().spec().packedBytes();
        }
        return bytes;
    }
}
