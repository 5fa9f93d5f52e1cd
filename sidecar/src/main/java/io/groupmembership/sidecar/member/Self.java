package io.groupmembership.sidecar.member;

import io.groupmembership.protocol.heartbeat.DatagramPath;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the agent knows of its own member at one moment.
 *
 * @param incarnation the one that was adopted last, 0 before the first
 * @param view the newest view number that the agent has heard of, 0 before the first
 * @param leader the memberId of the group's leader in that view, null where it is not known yet or there is none
 * @param leaseEndsNanos when the lease of this incarnation ends or has ended, by the agent's clock; null before its
 *     first confirmation, after its end, and for members without leases
 * @param heartbeatPath what the last confirmation of this lease came by; null where there is no lease
 * @param atNanos the moment, by the same clock
 */
public record Self(
        MemberState state,
        UUID instance,
        long incarnation,
        long view,
        @Nullable String leader,
        @Nullable Long leaseEndsNanos,
        @Nullable DatagramPath heartbeatPath,
        long atNanos) {
    private static final long NANOS_OF_MILLI = 1_000_000;

    static Self joining(UUID instance) {
        return new Self(MemberState.JOINING, instance, 0, 0, null, null, null, 0);
    }

    /** In a state without a lease. */
    Self inState(MemberState next) {
        return new Self(next, instance, incarnation, view, leader, null, null, atNanos);
    }

    Self withInstance(UUID next) {
        return new Self(state, next, incarnation, view, leader, leaseEndsNanos, heartbeatPath, atNanos);
    }

    Self withMembership(long newIncarnation, long firstView) {
        return new Self(MemberState.MEMBER, instance, newIncarnation, firstView, null, null, null, atNanos);
    }

    Self withView(long newView, @Nullable String newLeader) {
        return new Self(state, instance, incarnation, newView, newLeader, leaseEndsNanos, heartbeatPath, atNanos);
    }

    Self withLease(long endsNanos, DatagramPath path) {
        return new Self(state, instance, incarnation, view, leader, endsNanos, path, atNanos);
    }

    /** As it is at this moment, for a member that is one only as long as its lease runs. */
    Self at(long nowNanos) {
        MemberState now = state;
        if (state == MemberState.MEMBER) {
            Long ends = leaseEndsNanos;
            now = ends == null ? MemberState.JOINING : ends - nowNanos > 0 ? MemberState.MEMBER : MemberState.FENCED;
        }
        return new Self(now, instance, incarnation, view, leader, leaseEndsNanos, heartbeatPath, nowNanos);
    }

    /** What is left of the lease, 0 where it is over; null where there is none. */
    public @Nullable Long leaseRemainingMillis() {
        return leaseEndsNanos == null ? null : Math.max(0, leaseEndsNanos - atNanos) / NANOS_OF_MILLI;
    }

    /** Whether this member is the group's leader, as far as the agent knows: never without a valid lease. */
    public boolean leads(String memberId) {
        return state == MemberState.MEMBER && memberId.equals(leader);
    }
}
