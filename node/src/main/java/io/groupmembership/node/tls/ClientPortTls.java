package io.groupmembership.node.tls;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/** Has Quarkus listen at the clients' port over TLS, where this node does. */
@Singleton
class ClientPortTls implements HttpServerOptionsCustomizer {
    private final NodeTls tls;

    ClientPortTls(NodeTls tls) {
        this.tls = tls;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        tls.applyForClients(options);
    }
}
