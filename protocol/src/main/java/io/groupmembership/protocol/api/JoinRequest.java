package io.groupmembership.protocol.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to join a group.
 *
 * @param memberId the name of the member in its group
 * @param address where the application is reached, host:port
 * @param heartbeat udp, tcp or http; tcp if absent
 * @param heartbeatAddress where heartbeats go, the address if absent; for http a path may follow the port
 * @param instance an id that an agent draws at each start of its process, a UUID; absent without an agent
 * @param replaces the living incarnation under this memberId that the joiner takes the place of
 * @param metadata what the application wants others to know, at most 4 KiB
 */
public record JoinRequest(
        @Nullable String memberId,
        @Nullable String address,
        @Nullable String heartbeat,
        @Nullable String heartbeatAddress,
        @Nullable String instance,
        @Nullable Long replaces,
        @Nullable Map<String, @Nullable String> metadata) {}
