package io.groupmembership.sidecar.localapi;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.groupmembership.sidecar.member.MemberState;
import io.groupmembership.sidecar.member.StatusBoard;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * What the agent serves to whoever watches over its process, a kubelet for one, which can't reach the loopback address
 * of a pod: whether it is alive, and whether it is a member. Nothing else, as others can reach it too.
 */
public final class ProbeApi implements Closeable {
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final StatusBoard board;

    /** Binds and serves. Port 0 for any free one. */
    public ProbeApi(InetSocketAddress address, StatusBoard board) throws IOException {
        this.board = board;
        this.server = HttpServer.create(address, BACKLOG);
        server.createContext("/", this::serve);
        server.start();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
                case "GET /healthz" -> alive(exchange);
                case "GET /readyz" -> ready(exchange, board);
                default -> LocalApi.refuse(exchange, 404, "not-found", "there is no such path here");
            }
        }
    }

    static void alive(HttpExchange exchange) throws IOException {
        LocalApi.answer(exchange, 200, "text/plain", "ok\n");
    }

    static void ready(HttpExchange exchange, StatusBoard board) throws IOException {
        MemberState state = board.now().state();
        if (state == MemberState.MEMBER) {
            LocalApi.answer(exchange, 200, "text/plain", "member\n");
        } else {
            LocalApi.refuse(exchange, 503, "no-member", "the agent is no member now, but " + state.word());
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
