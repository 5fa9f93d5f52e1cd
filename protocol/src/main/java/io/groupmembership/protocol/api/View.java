package io.groupmembership.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbered member list of a group, members in join order.
 *
 * @param leader the first member, null in an empty view
 */
public record View(
        String namespace, String group, long view, @Nullable String leader, List<Member> members) {}
