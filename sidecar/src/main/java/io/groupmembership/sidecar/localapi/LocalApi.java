package io.groupmembership.sidecar.localapi;

import com.fasterxml.jackson.core.JsonGenerator;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.clock.BootClock;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import io.groupmembership.sidecar.cluster.ClusterJson;
import io.groupmembership.sidecar.cluster.HttpCall;
import io.groupmembership.sidecar.cluster.NodeList;
import io.groupmembership.sidecar.cluster.NodeRequest;
import io.groupmembership.sidecar.member.GroupPath;
import io.groupmembership.sidecar.member.Self;
import io.groupmembership.sidecar.member.StatusBoard;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What the agent serves to its own application. It tells what it knows by itself at once, and passes questions about
 * the group on to a node: an agent keeps no copy of a view that could grow old.
 *
 * <p>At most {@value #MOST_CONNECTIONS} connections, {@value #MOST_WATCHES} of them watching. A watcher that stops
 * reading is cut off after an hour like every other, and resumes with Last-Event-ID.
 */
public final class LocalApi implements Closeable {
    static final int MOST_CONNECTIONS = 64;
    static final int MOST_WATCHES = 16;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    private static final Duration NODE_LIMIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WATCH = Duration.ofHours(1);
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(45);
    private static final int LONGEST_EVENT_ID = 20;

    private final HttpListener listener;
    private final Semaphore watches = new Semaphore(MOST_WATCHES);
    private final StatusBoard board;
    private final GroupPath path;
    private final NodeList nodes;

    /** Binds and serves. Port 0 for any free one. */
    public LocalApi(InetSocketAddress address, StatusBoard board, GroupPath path, NodeList nodes) throws IOException {
        this.board = board;
        this.path = path;
        this.nodes = nodes;
        this.listener = new HttpListener(address, MOST_CONNECTIONS, LONGEST_WATCH, this::serve);
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    private void serve(HttpListener.Request request, HttpAnswer answer) throws IOException {
        boolean known = switch (request.path()) {
            case "/v1/self", "/v1/view", "/v1/watch", "/healthz", "/readyz" -> true;
            default -> false;
        };
        if (!known) {
            answer.refuse(404, "not-found", "there is no such path here");
        } else if (!request.method().equals("GET")) {
            answer.with("Allow", "GET").refuse(405, "method-not-allowed", "this path answers to GET only");
        } else {
            switch (request.path()) {
                case "/v1/self" -> answer.send(200, "application/json", selfJson());
                case "/v1/view" -> passView(answer);
                case "/v1/watch" -> passWatch(request.lastEventId(), answer);
                case "/healthz" -> ProbeApi.alive(answer);
                default -> ProbeApi.ready(answer, board);
            }
        }
    }

    private String selfJson() {
        Self self = board.now();
        return ClusterJson.object(json -> {
            json.writeStringField("state", self.state().word());
            json.writeStringField("namespace", path.namespace());
            json.writeStringField("group", path.group());
            json.writeStringField("memberId", path.memberId());
            if (self.incarnation() > 0) {
                json.writeNumberField("incarnation", self.incarnation());
                json.writeNumberField("view", self.view());
            } else {
                json.writeNullField("incarnation");
                json.writeNullField("view");
            }
            json.writeBooleanField("leader", self.leads(path.memberId()));
            writeNumber(json, "leaseRemainingMillis", self.leaseRemainingMillis());
            writeNumber(json, "leaseEndsBoottimeNanos", self.leaseEndsNanos());
            DatagramPath heartbeatPath = self.heartbeatPath();
            json.writeStringField("heartbeatPath", heartbeatPath == null ? null : heartbeatPath.word());
            json.writeStringField("clock", BootClock.system().source().word());
            json.writeStringField("instance", self.instance().toString());
        });
    }

    private static void writeNumber(JsonGenerator json, String field, @Nullable Long number) throws IOException {
        if (number == null) {
            json.writeNullField(field);
        } else {
            json.writeNumberField(field, number);
        }
    }

    private void passView(HttpAnswer answer) throws IOException {
        for (HostPort node : nodes.inTurn()) {
            try (HttpCall call = nodes.call(node)) {
                if (opens(call, NodeRequest.get(path.view()))) {
                    pass(answer, call, "application/json");
                    return;
                }
            }
        }
        refuseWithoutNode(answer);
    }

    private void passWatch(Optional<String> lastEventId, HttpAnswer answer) throws IOException {
        if (!lastEventId.map(LocalApi::isViewNumber).orElse(true)) {
            answer.refuse(400, "invalid", "Last-Event-ID must be the number of a view");
            return;
        }
        if (!watches.tryAcquire()) {
            answer.with("Retry-After", "5")
                    .refuse(429, "too-many-watchers", "at most " + MOST_WATCHES + " watch at a time");
            return;
        }
        try {
            for (HostPort node : nodes.inTurn()) {
                try (HttpCall call = nodes.call(node)) {
                    if (opens(call, NodeRequest.watch(path.watch(), lastEventId.orElse(null)))) {
                        call.limitEachRead(SILENCE_LIMIT);
                        relay(answer, call);
                        return;
                    }
                }
            }
            refuseWithoutNode(answer);
        } finally {
            watches.release();
        }
    }

    /** Whether the node has an answer, be it yes or no. Where it can't say, another one may. */
    private boolean opens(HttpCall call, NodeRequest request) {
        try {
            call.send(request, CONNECT_LIMIT, NODE_LIMIT);
            return call.status() < 500 && call.status() != 429;
        } catch (IOException e) {
            nodes.failed(call.node());
            return false;
        }
    }

    /** Passes a node's stream on, with the agent's own events between the node's. */
    private void relay(HttpAnswer answer, HttpCall call) throws IOException {
        if (call.status() != 200) {
            pass(answer, call, "application/problem+json");
            return;
        }
        answer.begin(200, "text/event-stream");
        try (WatchRelay relay = new WatchRelay(answer, board, call)) {
            InputStream in = call.body();
            byte[] buffer = new byte[8 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                relay.pass(buffer, count);
            }
        }
    }

    /** Passes status and body on as they come. A body that breaks off breaks off here too. */
    private static void pass(HttpAnswer answer, HttpCall call, String otherwiseType) throws IOException {
        answer.begin(call.status(), call.header("Content-Type").orElse(otherwiseType));
        InputStream in = call.body();
        byte[] buffer = new byte[8 * 1024];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (count > 0) {
                answer.chunk(buffer, count);
            }
        }
    }

    private static boolean isViewNumber(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST_EVENT_ID
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static void refuseWithoutNode(HttpAnswer answer) throws IOException {
        answer.with("Retry-After", "1").refuse(503, "no-node", "no node answers for the group now");
    }

    @Override
    public void close() {
        listener.close();
    }
}
