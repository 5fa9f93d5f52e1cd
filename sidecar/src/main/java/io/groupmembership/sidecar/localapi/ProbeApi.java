package io.groupmembership.sidecar.localapi;

import io.groupmembership.sidecar.member.MemberState;
import io.groupmembership.sidecar.member.StatusBoard;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What the agent serves to whoever watches over its process, a kubelet for one, which can't reach the loopback address
 * of a pod: whether it is alive, and whether it is a member. Nothing else, as others can reach it too.
 */
public final class ProbeApi implements Closeable {
    private static final int MOST_CONNECTIONS = 16;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final HttpListener listener;
    private final StatusBoard board;

    /** Binds and serves. Port 0 for any free one. */
    public ProbeApi(InetSocketAddress address, StatusBoard board) throws IOException {
        this.board = board;
        this.listener = new HttpListener(address, MOST_CONNECTIONS, ANSWER_LIMIT, this::serve);
    }

    /**
     * Serves the same where somebody else reads and writes the connection.
     *
     * @param head as much of a request as has come
     * @return the whole answer, of no bytes where it is no request; empty while more of the head has to come
     */
    public static Optional<byte[]> answer(String head, StatusBoard board) {
        if (!head.contains("\r\n\r\n")) {
            return Optional.empty();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Optional<HttpListener.Request> request = HttpListener.parse(head);
        if (request.isPresent()) {
            try {
                serve(request.get(), new HttpAnswer(out), board);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Optional.of(out.toByteArray());
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    private void serve(HttpListener.Request request, HttpAnswer answer) throws IOException {
        serve(request, answer, board);
    }

    private static void serve(HttpListener.Request request, HttpAnswer answer, StatusBoard board) throws IOException {
        switch (request.method() + " " + request.path()) {
            case "GET /healthz" -> alive(answer);
            case "GET /readyz" -> ready(answer, board);
            default -> answer.refuse(404, "not-found", "there is no such path here");
        }
    }

    static void alive(HttpAnswer answer) throws IOException {
        answer.send(200, "text/plain", "ok\n");
    }

    static void ready(HttpAnswer answer, StatusBoard board) throws IOException {
        MemberState state = board.now().state();
        if (state == MemberState.MEMBER) {
            answer.send(200, "text/plain", "member\n");
        } else {
            answer.refuse(503, "no-member", "the agent is no member now, but " + state.word());
        }
    }

    @Override
    public void close() {
        listener.close();
    }
}
