package io.groupmembership.membership;

import org.jspecify.annotations.Nullable;

/**
 * One membership. Immutable: a new monitor makes a new object, so a reader that copied references keeps a true picture.
 *
 * @param incarnation larger than that of every earlier join in the cluster
 * @param assignmentEpoch grows each time the member gets another monitor, or the monitor's process is another
 * @param monitorSlot the slot of the monitoring node in {@link NodeTable}, or {@link NodeTable#NO_NODE}
 * @param longestLeaseMillis the longest lease that this incarnation can have been granted: who takes it over waits for it
 * @param unheardMoves how often in a row it was handed over without having been heard of
 * @param revocation where it is to end when its lease does
 */
public record Member(
        MemberSpec spec,
        long incarnation,
        int assignmentEpoch,
        int monitorSlot,
        int longestLeaseMillis,
        int unheardMoves,
        @Nullable Revocation revocation) {
    /** As a view's history knows it: without what only its monitor needs. */
    Member(MemberSpec spec, long incarnation, int assignmentEpoch, int monitorSlot) {
        this(spec, incarnation, assignmentEpoch, monitorSlot, 0, 0, null);
    }

    Member inHistory() {
        return new Member(spec, incarnation, assignmentEpoch, monitorSlot);
    }

    Member assignedTo(int newMonitorSlot) {
        return assignedTo(newMonitorSlot, 0);
    }

    Member assignedTo(int newMonitorSlot, int moves) {
        return new Member(
                spec, incarnation, assignmentEpoch + 1, newMonitorSlot, longestLeaseMillis, moves, revocation);
    }

    Member withLeaseOf(long millis) {
        return millis <= longestLeaseMillis
                ? this
                : new Member(
                        spec,
                        incarnation,
                        assignmentEpoch,
                        monitorSlot,
                        Math.toIntExact(millis),
                        unheardMoves,
                        revocation);
    }

    Member revoked(Revocation why) {
        return new Member(spec, incarnation, assignmentEpoch, monitorSlot, longestLeaseMillis, unheardMoves, why);
    }

    public String memberId() {
        return spec.memberId();
    }
}
