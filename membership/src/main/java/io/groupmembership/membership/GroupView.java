package io.groupmembership.membership;

import java.util.List;
import java.util.Optional;

/**
 * The numbered member list of one group, at one moment.
 *
 * @param members in join order
 * @param changedAtMillis when it last changed, by the clock of the node that led then
 */
public record GroupView(GroupKey group, long view, List<Member> members, GroupPolicy policy, long changedAtMillis) {
    public Optional<String> leader() {
        return members.isEmpty()
                ? Optional.empty()
                : Optional.of(members.getFirst().memberId());
    }

    /** A view without its members. */
    public record Summary(GroupKey group, long view, int members, Optional<String> leader, long changedAtMillis) {}
}
