package io.groupmembership.node.admin;

import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.tls.NodeTls;
import io.groupmembership.protocol.HostPort;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Listens at the admin port of the node, which is another than the clients'. */
@ApplicationScoped
class AdminServer {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(1);
    private static final int IDLE_SECONDS = 120;
    private static final int HEADER_BYTES = 16 * 1024;

    private final Vertx vertx;
    private final NodeIdentity identity;
    private final AdminRoutes routes;
    private final NodeTls tls;
    private @Nullable HttpServer server;

    AdminServer(Vertx vertx, NodeIdentity identity, AdminRoutes routes, NodeTls tls) {
        this.vertx = vertx;
        this.identity = identity;
        this.routes = routes;
        this.tls = tls;
    }

    /** A node that can't listen does not start: the failure says which port it was. */
    void start(@Observes StartupEvent event) {
        HostPort at = new HostPort(identity.bind(), identity.self().adminPort());
        HttpServerOptions options = new HttpServerOptions()
                .setHost(at.host())
                .setPort(at.port())
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxHeaderSize(HEADER_BYTES);
        tls.applyForAdministrators(options);
        try {
            server = joined(vertx.createHttpServer(options)
                    .requestHandler(routes.router(vertx))
                    .listen());
        } catch (CompletionException e) {
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new IllegalStateException("the admin port " + at + " can't be opened: " + why, e);
        }
    }

    private static <T> T joined(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    void stop(@Observes ShutdownEvent event) {
        if (server != null) {
            server.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .completeOnTimeout(null, STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
    }
}
