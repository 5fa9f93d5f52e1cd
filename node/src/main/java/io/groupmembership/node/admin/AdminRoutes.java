package io.groupmembership.node.admin;

import io.groupmembership.node.access.Operations;
import io.groupmembership.node.api.AccessGuard;
import io.groupmembership.node.api.CollectedBody;
import io.groupmembership.node.api.ProblemResponses;
import io.groupmembership.node.api.Problems;
import io.groupmembership.node.api.RequestBody;
import io.groupmembership.node.api.RequestGate;
import io.groupmembership.node.api.StrictJson;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.identity.RecoverDecision;
import io.groupmembership.node.identity.Volume;
import io.groupmembership.node.raft.RaftAdministration;
import io.groupmembership.node.raft.RaftStatus;
import io.groupmembership.node.raft.Replica;
import io.groupmembership.protocol.Names;
import io.groupmembership.protocol.api.ConfigurationRequest;
import io.groupmembership.protocol.api.FormRequest;
import io.groupmembership.protocol.api.LeaderRequest;
import io.groupmembership.protocol.api.RecoverRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the admin port serves: the Raft group's state, its configuration and its leader. */
@ApplicationScoped
class AdminRoutes {
    static final int BODY_BYTES = 64 * 1024;

    private final Replica replica;
    private final RaftAdministration administration;
    private final NodeIdentity identity;
    private final AccessGuard guard;

    AdminRoutes(Replica replica, RaftAdministration administration, NodeIdentity identity, AccessGuard guard) {
        this.guard = guard;
        this.identity = identity;
        this.replica = replica;
        this.administration = administration;
    }

    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(AdminRoutes::admit).failureHandler(AdminRoutes::fail);
        if (!guard.isOpen()) {
            router.route()
                    .handler(http -> guard.admit(http, Operations.OF_ADMINISTRATORS))
                    .failureHandler(AdminRoutes::fail);
        }
        RequestBody.collect(router.route(), BODY_BYTES);
        serve(
                router,
                "/v1/raft",
                Map.of(
                        HttpMethod.GET,
                        http -> CompletableFuture.completedFuture(
                                replica.status().state())));
        BackupRoute backup = new BackupRoute(replica, identity);
        backup.deleteLeftover();
        router.get("/v1/backup").handler(backup::serve).failureHandler(AdminRoutes::fail);
        router.route("/v1/backup")
                .handler(http -> ProblemResponses.send(http, Problems.methodNotAllowed(HttpMethod.GET.name())));
        serve(router, "/v1/raft/form", Map.of(HttpMethod.POST, this::form));
        serve(router, "/v1/raft/recover", Map.of(HttpMethod.POST, this::recover));
        serve(router, "/v1/raft/configuration", Map.of(HttpMethod.PUT, this::changeConfiguration));
        serve(router, "/v1/raft/leader", Map.of(HttpMethod.POST, this::transferLeadership));
        router.route()
                .handler(http ->
                        ProblemResponses.send(http, Problems.notFound("not-found", "there is nothing at this path")));
        return router;
    }

    /** The node was formed before: the same again is no change, and anything else is refused. */
    private CompletableFuture<?> form(RoutingContext http) {
        FormRequest request = CollectedBody.json(http, FormRequest.class);
        Volume volume = identity.volume()
                .orElseThrow(
                        () -> Problems.conflict("refused", "this node's cluster file says which cluster it is of"));
        FormRequests.wanted(volume, request).ifPresent(formation -> {
            throw new IllegalStateException("a node that runs was formed");
        });
        return CompletableFuture.completedFuture(replica.status().state());
    }

    private CompletableFuture<?> recover(RoutingContext http) {
        RecoverRequest request = CollectedBody.json(http, RecoverRequest.class);
        RaftStatus now = replica.status();
        return identity.volume()
                .flatMap(volume -> volume.formed()
                        .map(formation -> RecoverDecision.of(volume, formation, now.leaderNodeId(), request)))
                .<CompletableFuture<?>>map(decision -> switch (decision) {
                    case RecoverDecision.Recover recover -> administration.recover(recover.recoveryEpoch());
                    case RecoverDecision.AlreadySo _ -> CompletableFuture.completedFuture(now.state());
                    case RecoverDecision.Invalid invalid ->
                        throw Problems.invalidField(invalid.field(), invalid.phrase());
                    case RecoverDecision.Conflict conflict -> throw Problems.conflict("refused", conflict.detail());
                })
                .orElseThrow(() -> Problems.conflict(
                        "refused", "this node has a cluster file; only a node that an operator formed can recover"));
    }

    private CompletableFuture<?> changeConfiguration(RoutingContext http) {
        ConfigurationValidation.Change change =
                ConfigurationValidation.change(CollectedBody.json(http, ConfigurationRequest.class));
        return administration.changeConfiguration(change.expectedPeerIds(), change.peers());
    }

    private CompletableFuture<?> transferLeadership(RoutingContext http) {
        String nodeId = CollectedBody.json(http, LeaderRequest.class).nodeId();
        if (nodeId == null) {
            throw Problems.invalidField("nodeId", "must be there");
        }
        Names.memberIdProblem(nodeId).ifPresent(phrase -> {
            throw Problems.invalidField("nodeId", phrase);
        });
        return administration.transferLeadership(nodeId);
    }

    private static void serve(
            Router router, String path, Map<HttpMethod, Function<RoutingContext, CompletableFuture<?>>> operations) {
        operations.forEach((method, operation) -> {
            Route route = router.route(method, path);
            route.handler(http -> Future.fromCompletionStage(
                                    operation.apply(http), http.vertx().getOrCreateContext())
                            .onSuccess(value -> answer(http, Optional.ofNullable(value)))
                            .onFailure(failure -> ProblemResponses.send(http, failure)))
                    .failureHandler(AdminRoutes::fail);
        });
        String allow =
                operations.keySet().stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        router.route(path).handler(http -> ProblemResponses.send(http, Problems.methodNotAllowed(allow)));
    }

    /** 200 with what came of it, 204 where there is nothing to tell. */
    private static void answer(RoutingContext http, Optional<?> value) {
        HttpServerResponse response = http.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (value.isPresent()) {
            response.putHeader("Content-Type", "application/json").end(Buffer.buffer(StrictJson.write(value.get())));
        } else {
            response.setStatusCode(204).end();
        }
    }

    private static void admit(RoutingContext http) {
        RequestGate.ambiguity(http.request())
                .ifPresentOrElse(problem -> ProblemResponses.send(http, problem), http::next);
    }

    private static void fail(RoutingContext http) {
        ProblemResponses.fail(http, BODY_BYTES);
    }
}
