package io.groupmembership.protocol.api;

/** How many memberships the evidence ended; the others had ended before. */
public record EvidenceResponse(int removed) {}
