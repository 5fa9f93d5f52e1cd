package io.groupmembership.sidecar.member;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the agent knows of its own member at one moment.
 *
 * @param incarnation the one that was adopted last, 0 before the first
 * @param view the newest view number that the agent has heard of, 0 before the first
 * @param leader the memberId of the group's leader in that view, null where it is not known yet or there is none
 */
public record Self(
        MemberState state,
        UUID instance,
        long incarnation,
        long view,
        @Nullable String leader) {
    static Self joining(UUID instance) {
        return new Self(MemberState.JOINING, instance, 0, 0, null);
    }

    Self inState(MemberState next) {
        return new Self(next, instance, incarnation, view, leader);
    }

    Self withInstance(UUID next) {
        return new Self(state, next, incarnation, view, leader);
    }

    Self withMembership(long newIncarnation, long firstView) {
        return new Self(MemberState.MEMBER, instance, newIncarnation, firstView, null);
    }

    Self withView(long newView, @Nullable String newLeader) {
        return new Self(state, instance, incarnation, newView, newLeader);
    }

    /** Whether this member is the group's leader, as far as the agent knows. */
    public boolean leads(String memberId) {
        return state == MemberState.MEMBER && memberId.equals(leader);
    }
}
