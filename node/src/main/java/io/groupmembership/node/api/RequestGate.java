package io.groupmembership.node.api;

import io.groupmembership.node.access.Operations;
import io.groupmembership.node.raft.Replica;
import io.groupmembership.protocol.Limits;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;

/**
 * What every request passes before a resource sees it: paths that mean two things are refused, a node that shuts down
 * takes nothing on, whoever may not is told so, and bodies are collected. What no route takes, and what fails on a route, is
 * answered with a problem.
 */
@ApplicationScoped
public class RequestGate {
    /** Before every route of the framework that serves something. */
    private static final int FIRST = -1_000;

    private static final int LAST = Integer.MAX_VALUE;

    private final Shutdown shutdown;
    private final Replica replica;
    private final AccessGuard guard;

    RequestGate(Shutdown shutdown, Replica replica, AccessGuard guard) {
        this.guard = guard;
        this.replica = replica;
        this.shutdown = shutdown;
    }

    void install(@Observes Router router) {
        router.route().order(FIRST).handler(this::admit).failureHandler(RequestGate::fail);
        if (!guard.isOpen()) {
            // before the bodies: whoever may nothing has none collected
            router.route()
                    .order(FIRST + 1)
                    .handler(http -> guard.admit(http, Operations.OF_CLIENTS))
                    .failureHandler(RequestGate::fail);
        }
        RequestBody.collect(
                router.route("/v1/*")
                        .method(HttpMethod.POST)
                        .method(HttpMethod.PUT)
                        .method(HttpMethod.DELETE)
                        .method(HttpMethod.PATCH)
                        .order(FIRST + 2),
                Limits.BODY_BYTES);
        router.route(HttpMethod.OPTIONS, "/v1/*").order(FIRST + 3).handler(RequestGate::tellMethods);
        // what the router itself refuses comes by no route
        router.errorHandler(400, RequestGate::fail).errorHandler(500, RequestGate::fail);
        router.route().order(LAST).handler(http -> ProblemResponses.send(http, Problems.ofStatus(404)));
        router.route().order(LAST).failureHandler(RequestGate::fail);
    }

    private void admit(RoutingContext http) {
        Optional<ProblemException> ambiguous = ambiguity(http.request());
        if (ambiguous.isPresent()) {
            ProblemResponses.send(http, ambiguous.get());
        } else if (shutdown.hasBegun() && isApi(http)) {
            http.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            ProblemResponses.send(http, Problems.shuttingDown());
        } else if (!replica.servesClients() && isApi(http) && !isRaftState(http)) {
            ProblemResponses.send(
                    http,
                    Problems.unavailable("the cluster is being formed, or recovered: this node can't answer yet"));
        } else {
            http.next();
        }
    }

    /** What is wrong with a request that may mean two things. */
    public static Optional<ProblemException> ambiguity(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaders.HOST).size() > 1
                ? Optional.of(Problems.ofStatus(400))
                : PathRules.problem(Optional.ofNullable(request.path()).orElse(""))
                        .map(Problems::invalidPath);
    }

    private static void tellMethods(RoutingContext http) {
        AllowedMethods.of(http.request().path())
                .ifPresentOrElse(
                        allow -> http.response()
                                .setStatusCode(204)
                                .putHeader(HttpHeaders.ALLOW, allow)
                                .end(),
                        () -> ProblemResponses.send(http, Problems.ofStatus(404)));
    }

    /** Of use to whoever finds out why. */
    private static boolean isRaftState(RoutingContext http) {
        return http.request().path().equals("/v1/raft");
    }

    private static boolean isApi(RoutingContext http) {
        return http.request().path().startsWith("/v1/");
    }

    private static void fail(RoutingContext http) {
        ProblemResponses.fail(http, Limits.BODY_BYTES);
    }
}
