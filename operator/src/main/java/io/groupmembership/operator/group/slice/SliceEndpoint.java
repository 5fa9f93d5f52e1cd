package io.groupmembership.operator.group.slice;

import java.util.Optional;
import java.util.UUID;

/**
 * A member's pod as an endpoint. Texts are empty where they are absent.
 *
 * @param podUid empty in a slice that somebody else has changed
 * @param ready serving and not terminating: traffic may go there
 * @param serving the application is ready
 */
public record SliceEndpoint(
        Optional<UUID> podUid,
        String podName,
        String address,
        boolean ready,
        boolean serving,
        boolean terminating,
        String nodeName,
        String zone,
        String hostname) {}
