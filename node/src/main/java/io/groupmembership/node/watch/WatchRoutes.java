package io.groupmembership.node.watch;

import io.groupmembership.node.NodeSettings;
import io.groupmembership.node.api.AccessGuard;
import io.groupmembership.node.api.ProblemResponses;
import io.groupmembership.node.api.Problems;
import io.groupmembership.node.api.QueryParameters;
import io.groupmembership.node.api.Reads;
import io.groupmembership.node.api.RequestHeaders;
import io.groupmembership.node.api.ResourceNames;
import io.groupmembership.node.raft.Replica;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;

/**
 * The two streams: {@code GET /v1/watch}, and {@code GET} of a group with {@code watch=true}. A stream is an answer
 * that does not end; between two events it costs its connection and one small object.
 */
@ApplicationScoped
public class WatchRoutes {
    /** Before the resources, behind the gate that every request passes. */
    private static final int BEFORE_RESOURCES = 900;

    private final Replica replica;
    private final FanOut fanOut;
    private final WatchStats stats;
    private final AccessGuard guard;
    private final int mostWatchers;

    WatchRoutes(Replica replica, FanOut fanOut, WatchStats stats, AccessGuard guard, NodeSettings settings) {
        this.guard = guard;
        this.replica = replica;
        this.fanOut = fanOut;
        this.stats = stats;
        this.mostWatchers = settings.maxWatchers();
    }

    void install(@Observes Router router) {
        router.route(HttpMethod.GET, "/v1/namespaces/:namespace/groups/:group")
                .order(BEFORE_RESOURCES)
                .handler(this::watchGroup)
                .failureHandler(http -> ProblemResponses.send(http, http.failure()));
        router.route(HttpMethod.GET, "/v1/watch")
                .order(BEFORE_RESOURCES)
                .handler(http -> watch(http, new Watched.Everything()))
                .failureHandler(http -> ProblemResponses.send(http, http.failure()));
    }

    private void watchGroup(RoutingContext http) {
        if (!QueryParameters.single(http, "watch").map(WatchRequest::isWatch).orElse(false)) {
            http.next();
            return;
        }
        watch(http, new Watched.Group(ResourceNames.group(http.pathParam("namespace"), http.pathParam("group"))));
    }

    private void watch(RoutingContext http, Watched watched) {
        long position = WatchRequest.position(RequestHeaders.single(http.request(), WatchRequest.LAST_EVENT_ID));
        boolean stale = Reads.isStale(http);
        if (!stats.enter(mostWatchers)) {
            throw Problems.unavailable("this node has all the " + mostWatchers + " watchers it takes: ask another one");
        }
        Context context = Optional.ofNullable(Vertx.currentContext()).orElseThrow();
        WatcherLoop loop = fanOut.loopOf(context);
        Watcher watcher = new Watcher(http, watched, loop, position);
        loop.add(watcher);
        http.response().closeHandler(closed -> watcher.close()).exceptionHandler(failure -> watcher.close());
        endWhenWithdrawn(http, watcher);
        if (stale) {
            watcher.begin();
        } else {
            Future.fromCompletionStage(replica.barrier(), context)
                    .onSuccess(reached -> watcher.begin())
                    .onFailure(failure -> watcher.caughtUp(new CatchUpAnswer.Failed(failure)));
        }
    }

    /** A stream outlives the decision that let it begin: it is made again and again. */
    private void endWhenWithdrawn(RoutingContext http, Watcher watcher) {
        if (guard.isOpen()) {
            return;
        }
        long timer = http.vertx()
                .setPeriodic(
                        guard.recheckMillis(),
                        _ -> guard.stillAllowed(http).onSuccess(allowed -> {
                            if (!allowed) {
                                watcher.end();
                            }
                        }));
        http.addEndHandler(_ -> http.vertx().cancelTimer(timer));
    }
}
