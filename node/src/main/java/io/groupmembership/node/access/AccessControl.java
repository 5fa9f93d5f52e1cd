package io.groupmembership.node.access;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Who decides, and how fast callers may go; nothing of it where access is open.
 *
 * @param authority empty where everybody may do everything
 */
public record AccessControl(Optional<Authority> authority, TokenBuckets perAddress, TokenBuckets perCaller) {
    /** Everybody may do everything. */
    public static AccessControl open() {
        LongSupplier never = () -> 0;
        return new AccessControl(Optional.empty(), new TokenBuckets(1, never), new TokenBuckets(1, never));
    }

    public boolean isOpen() {
        return authority.isEmpty();
    }

    /** Whether a caller may; rights that are built in come before the authority's. */
    public CompletableFuture<AccessDecision> decide(Caller caller, Attributes wanted) {
        return BuiltInRights.decide(caller, wanted)
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> authority.orElseThrow().decide(caller, wanted));
    }
}
