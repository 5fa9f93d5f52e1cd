package io.groupmembership.membership;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One group: its members, its view number and its policy. */
final class GroupState {
    private final GroupKey key;
    private final MemberTable members = new MemberTable();
    private Optional<GroupPolicy> ownPolicy = Optional.empty();
    private long view;
    private long changedAtMillis;
    private long changedAtIndex;

    /** The name of the first member, and of which incarnation it is: a name is costly to unpack for each view. */
    private @Nullable String leader;

    private long leaderIncarnation;

    /** @param view the number that the first view of this group comes after */
    GroupState(GroupKey key, long view, long changedAtMillis, long changedAtIndex) {
        this.key = key;
        this.view = view;
        this.changedAtMillis = changedAtMillis;
        this.changedAtIndex = changedAtIndex;
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

    /** When it changed, by the clock of the node that led then: for people. */
    long changedAtMillis() {
        return changedAtMillis;
    }

    /** The index of the log entry that changed it: for rules. */
    long changedAtIndex() {
        return changedAtIndex;
    }

    void advance(long atMillis, long atIndex) {
        view++;
        changedAtMillis = atMillis;
        changedAtIndex = atIndex;
    }

    /** From here on view numbers are larger than this, that of the present view too. */
    void raiseView(long floor) {
        view = Math.max(view, floor) + 1;
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
        Optional<Member> first = members.first();
        if (first.isEmpty()) {
            leader = null;
        } else if (leader == null || leaderIncarnation != first.get().incarnation()) {
            leader = first.get().memberId();
            leaderIncarnation = first.get().incarnation();
        }
        return Optional.ofNullable(leader);
    }
}
