package io.groupmembership.membership;

import java.util.Optional;

/** A command, and the key by which its client may send it again. */
public record Request(Optional<IdempotencyKey> idempotencyKey, Command command) {
    /**
     * Names a request across retries, nodes and restarts.
     *
     * @param high and low: 128 bits of a hash of what the client named it, and of where it was sent
     * @param fingerprint a hash of what was asked: the same key with another one is a mistake of the client's
     */
    public record IdempotencyKey(long high, long low, long fingerprint) {}
}
