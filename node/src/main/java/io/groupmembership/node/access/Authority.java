package io.groupmembership.node.access;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Who knows tokens and rights. No method blocks; each future completes within a few seconds and never fails: what can't be
 * known is an answer.
 */
public interface Authority {
    CompletableFuture<Authentication> authenticate(String token);

    CompletableFuture<AccessDecision> decide(Caller caller, Attributes wanted);

    /** The addresses of a pod with this uid; empty where they can't be known. */
    CompletableFuture<Optional<Set<InetAddress>>> addressesOf(Pod pod);

    /** Whether pods of a namespace may join at all. */
    CompletableFuture<AccessDecision> decideOn(String namespace);

    /** Reads again the files that it has what it knows from; blocks. What can't be read changes nothing. */
    void refresh();
}
