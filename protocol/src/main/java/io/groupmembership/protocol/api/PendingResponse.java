package io.groupmembership.protocol.api;

/**
 * A membership that ends when its lease has run out.
 *
 * @param incarnation of the membership that ends; for a joiner, the one that it waits for
 */
public record PendingResponse(String namespace, String group, String memberId, long incarnation) {}
