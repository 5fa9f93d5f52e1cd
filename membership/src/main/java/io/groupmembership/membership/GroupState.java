package io.groupmembership.membership;

import java.util.Optional;

/** One group: its members, its view number and its policy. */
final class GroupState {
    private final GroupKey key;
    private final MemberTable members = new MemberTable();
    private Optional<GroupPolicy> ownPolicy = Optional.empty();
    private long view;
    private long changedAtMillis;

    /** @param view the number that the first view of this group comes after */
    GroupState(GroupKey key, long view, long changedAtMillis) {
        this.key = key;
        this.view = view;
        this.changedAtMillis = changedAtMillis;
    }

    GroupKey key() {
        return key;
    }

    MemberTable members() {
        return members;
    }

    long view() {
        return view;
    }

    long changedAtMillis() {
        return changedAtMillis;
    }

    void advance(long atMillis) {
        view++;
        changedAtMillis = atMillis;
    }

    GroupPolicy policy() {
        return ownPolicy.orElse(GroupPolicy.DEFAULT);
    }

    Optional<GroupPolicy> ownPolicy() {
        return ownPolicy;
    }

    void setOwnPolicy(Optional<GroupPolicy> policy) {
        ownPolicy = policy;
    }

    /** Says whether nothing would be lost with this group but its view number. */
    boolean isBlank() {
        return members.size() == 0 && ownPolicy.isEmpty();
    }

    Optional<String> leader() {
        return members.first().map(Member::memberId);
    }
}
