package io.groupmembership.protocol.api;

import java.util.Map;

/**
 * A member as a view shows it.
 *
 * @param fenced whether this member would be fenced before it is removed: false without an agent
 */
public record Member(
        String memberId,
        String address,
        long incarnation,
        String monitor,
        boolean fenced,
        Map<String, String> metadata) {}
