package io.groupmembership.sidecar.member;

import java.util.Locale;

/** What the agent believes of its member. */
public enum MemberState {
    /** Asking the nodes for a membership. */
    JOINING,
    /** In the group, under the incarnation that was adopted last. */
    MEMBER,
    /** Taken out of the group by others. Final where another took the place, else the agent joins again. */
    REMOVED,
    /** Out of the group, and not to come back. */
    LEFT;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
