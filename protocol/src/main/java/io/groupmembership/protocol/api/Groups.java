package io.groupmembership.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every group of the cluster, by namespace and name. */
public record Groups(List<Group> groups) {
    /** One group: its view number, how many members it has, its leader, and when it last changed (RFC 3339, UTC). */
    public record Group(
            String namespace,
            String group,
            long view,
            int members,
            @Nullable String leader,
            String changedAt) {}
}
