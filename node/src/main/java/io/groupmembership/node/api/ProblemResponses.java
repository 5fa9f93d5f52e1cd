package io.groupmembership.node.api;

import io.groupmembership.protocol.api.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Sends problems: from a resource, and from a route that is no resource. */
public final class ProblemResponses {
    @ServerExceptionMapper(Throwable.class)
    public Response respond(Throwable failure, UriInfo uri) {
        ProblemException problem = failure instanceof NotAllowedException
                ? AllowedMethods.of(uri.getPath())
                        .map(Problems::methodNotAllowed)
                        .orElseGet(() -> Failures.problemOf(failure))
                : Failures.problemOf(failure);
        Response.ResponseBuilder response = Response.status(problem.problem().status())
                .type(Problems.MEDIA_TYPE)
                .entity(StrictJson.write(problem.problem()));
        problem.headers().forEach(response::header);
        return response.build();
    }

    /**
     * Answers a request that failed on a route, or that the router refused.
     *
     * @param mostBytes that a body may have
     */
    public static void fail(RoutingContext http, long mostBytes) {
        int status = http.statusCode();
        if (status == 413) {
            // the rest of the body is not read: the connection can't be used again
            http.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            send(http, Problems.bodyTooLarge(mostBytes));
        } else if (http.failure() == null || (status >= 400 && status < 500)) {
            send(http, Problems.ofStatus(status));
        } else {
            send(http, http.failure());
        }
    }

    /** Answers a route's request; does nothing where an answer has begun already. */
    public static void send(RoutingContext http, Throwable failure) {
        HttpServerResponse response = http.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        ProblemException exception = Failures.problemOf(failure);
        Problem problem = exception.problem();
        response.setStatusCode(problem.status()).putHeader("Content-Type", Problems.MEDIA_TYPE);
        exception.headers().forEach(response::putHeader);
        response.end(Buffer.buffer(StrictJson.write(problem)));
    }
}
