package io.groupmembership.node.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;

/** Collects bodies, whether they say their length or not: up to a size, and within a time however they trickle. */
public final class RequestBody {
    static final Duration LIMIT = Duration.ofSeconds(20);

    private RequestBody() {}

    /** Has a route collect them. */
    public static Route collect(Route route, long mostBytes) {
        BodyHandler bodies = BodyHandler.create(false).setBodyLimit(mostBytes);
        return route.handler(http -> {
                    limit(http);
                    bodies.handle(http);
                })
                .failureHandler(http -> ProblemResponses.fail(http, mostBytes));
    }

    private static void limit(RoutingContext http) {
        long timer = http.vertx().setTimer(LIMIT.toMillis(), _ -> endLate(http));
        http.addEndHandler(_ -> http.vertx().cancelTimer(timer));
    }

    private static void endLate(RoutingContext http) {
        HttpServerRequest request = http.request();
        if (!request.isEnded()) {
            // the rest of the body is not read: the connection can't be used again
            http.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            ProblemResponses.send(http, Problems.ofStatus(408));
            request.connection().close();
        }
    }
}
