package io.groupmembership.node.api;

import io.groupmembership.membership.MembershipState;
import io.groupmembership.node.raft.Replica;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Reads the state: behind a barrier, so that it has everything that was acknowledged before; or as it is, if asked. */
@ApplicationScoped
public class Reads {
    /** Whoever reads may wait for an entry to be applied: no event loop does. */
    private final Executor readers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("gm-read-", 0).factory());

    private final Replica replica;

    Reads(Replica replica) {
        this.replica = replica;
    }

    /**
     * @param http has the query parameter {@code consistency}, see {@link #isStale}
     */
    public <T> CompletableFuture<T> read(RoutingContext http, Function<MembershipState, T> reader) {
        return isStale(http)
                ? CompletableFuture.supplyAsync(() -> replica.read(reader), readers)
                : replica.barrier().thenApplyAsync(reached -> replica.read(reader), readers);
    }

    /** Whether {@code consistency=stale} is asked for; a problem names the parameter where it is anything else. */
    public static boolean isStale(RoutingContext http) {
        Optional<String> consistency = QueryParameters.single(http, "consistency");
        if (consistency.isPresent() && !consistency.get().equals("stale")) {
            throw Problems.invalidParameter("consistency", "must be stale, or absent for a linearizable read");
        }
        return consistency.isPresent();
    }
}
