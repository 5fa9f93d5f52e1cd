package io.groupmembership.node.api;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.Result.Refusal;
import io.groupmembership.node.raft.Replica;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Proposes commands that have been checked, under the client's Idempotency-Key where there is one. */
@ApplicationScoped
class Writes {
    private final Replica replica;

    Writes(Replica replica) {
        this.replica = replica;
    }

    /**
     * @param resource the decoded names of the path
     * @param content adds what was asked to the fingerprint of the request
     * @return the result; a problem where the batch was given up, or the key came with another request before
     */
    CompletableFuture<Result> propose(
            RoutingContext http, List<String> resource, Consumer<RequestDigest> content, Command command) {
        Request request = new Request(
                IdempotencyKeys.of(
                        RequestHeaders.single(http.request(), IdempotencyKeys.HEADER),
                        http.request().method().name(),
                        AccessGrant.of(http).map(grant -> grant.caller().id()),
                        resource,
                        content),
                command);
        return replica.submit(request).thenApply(Writes::carriedOut);
    }

    private static Result carriedOut(Result result) {
        if (result instanceof Result.Refused refused
                && (refused.reason() == Refusal.GIVEN_UP || refused.reason() == Refusal.IDEMPOTENCY_KEY_REUSED)) {
            throw Refusals.problem(refused);
        }
        return result;
    }
}
