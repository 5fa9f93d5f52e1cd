package io.groupmembership.node.raft;

import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** This node's copy of the replicated state, and the way to change it, as the rest of the node sees them. */
public interface Replica {
    /**
     * Proposes a request and waits until it is committed and applied, on this node or whichever leads.
     *
     * @return completes with the result, or within the request timeout with an {@link UnavailableException} (no
     *     majority; it says whether the outcome is unknown) or at once with an {@link OverloadedException}. Never
     *     blocks; dependents may run on a thread of Ratis and must not block it.
     */
    CompletableFuture<Result> submit(Request request);

    /**
     * Completes once this node has applied everything that was acknowledged to anybody before the call: a read behind
     * it is linearizable. Fails like {@link #submit}.
     */
    CompletableFuture<Void> barrier();

    /**
     * Reads the state in between two entries. The reader must be quick and must not keep the state; what the state
     * hands out is immutable and may be kept.
     */
    <T> T read(Function<MembershipState, T> reader);

    /** Registers a listener before the node starts. */
    void addListener(StateListener listener);

    /** Whether the cluster has ever been as large as it was meant to be; before that clients are refused. */
    boolean servesClients();

    /** The Raft group as this node sees it now. */
    RaftStatus status();
}
