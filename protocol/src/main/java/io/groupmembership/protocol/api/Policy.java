package io.groupmembership.protocol.api;

import org.jspecify.annotations.Nullable;

/** How a group is watched over and how large it may grow. A field that is absent in a request keeps its default. */
public record Policy(
        @Nullable Long intervalMillis,
        @Nullable Integer misses,
        @Nullable Integer maxMembers) {}
