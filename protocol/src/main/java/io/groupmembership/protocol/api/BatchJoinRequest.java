package io.groupmembership.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests to join one group that are answered together, in order. */
public record BatchJoinRequest(@Nullable List<@Nullable JoinRequest> members) {}
