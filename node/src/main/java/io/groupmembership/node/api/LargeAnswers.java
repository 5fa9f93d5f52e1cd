package io.groupmembership.node.api;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers with a body that others may share. */
final class LargeAnswers {
    private LargeAnswers() {}

    /** Answers 200 with the JSON; whatever becomes of the request, the body is released. Call on the request's loop. */
    static CompletionStage<Response> of(RoutingContext http, CompletableFuture<EncodedBody> body) {
        http.addEndHandler(ended -> Future.fromCompletionStage(body).onSuccess(EncodedBody::release));
        return body.thenApply(
                encoded -> Response.ok(encoded, MediaType.APPLICATION_JSON_TYPE).build());
    }
}
