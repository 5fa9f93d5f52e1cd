package io.groupmembership.membership;

import java.util.Optional;

/**
 * That a membership is to end as soon as its lease has: its monitor confirms it no more.
 *
 * @param reason why, as the view that is without it will say
 * @param successor who comes in by that view: another instance under the same id
 */
public record Revocation(LeaveReason reason, Optional<MemberSpec> successor) {}
