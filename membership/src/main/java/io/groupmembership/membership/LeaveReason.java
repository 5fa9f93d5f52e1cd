package io.groupmembership.membership;

import java.util.Locale;

/** Why a membership ended. The order is part of the snapshot format: add at the end. */
public enum LeaveReason {
    LEFT,
    CRASHED,
    EVICTED,
    REPLACED;

    /** The word of the API. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
