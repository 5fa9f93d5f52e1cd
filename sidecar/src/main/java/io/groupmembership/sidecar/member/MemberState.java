package io.groupmembership.sidecar.member;

import java.util.Locale;

/** What the agent believes of its member. */
public enum MemberState {
    /** Asking the nodes for a membership, or waiting for the first confirmation of it: belief begins with that. */
    JOINING,
    /** In the group, under the incarnation that was adopted last, and with a valid lease where there are leases. */
    MEMBER,
    /** The lease has run out: others may have been told that the member is gone. A fresh confirmation lifts it. */
    FENCED,
    /** Taken out of the group by others. Final where another took the place, else the agent joins again. */
    REMOVED,
    /** Out of the group, and not to come back. */
    LEFT;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
