package io.groupmembership.protocol.api;

/** A membership that has ended, and the first view without it. */
public record LeaveResponse(String namespace, String group, String memberId, long incarnation, long view) {}
