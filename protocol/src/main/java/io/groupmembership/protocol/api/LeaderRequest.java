package io.groupmembership.protocol.api;

import org.jspecify.annotations.Nullable;

/** A request to move leadership to a node. */
public record LeaderRequest(@Nullable String nodeId) {}
