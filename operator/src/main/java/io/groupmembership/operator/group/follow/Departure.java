package io.groupmembership.operator.group.follow;

/**
 * A membership that a view no longer has.
 *
 * @param reason left, crashed, evicted or replaced
 */
public record Departure(String memberId, long incarnation, String reason) {}
