package io.groupmembership.sidecar.localapi;

import io.groupmembership.sidecar.cluster.ClusterJson;
import io.groupmembership.sidecar.member.MemberState;
import io.groupmembership.sidecar.member.StatusBoard;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * One stream of events to a watcher: a node's, as its bytes come, and between its events the agent's own, {@code member}
 * and {@code fenced}. Those carry no id, so a watcher that resumes names the last event of the node. The first says how
 * things are when the watch begins.
 *
 * <p>A thread of its own waits for the agent's events: the other one waits for the node, and whoever finds out that the
 * member is fenced must not wait for a watcher that has stopped reading.
 */
final class WatchRelay implements Closeable {
    private static final Duration LOOK_AROUND = Duration.ofSeconds(10);

    private final HttpAnswer answer;
    private final StatusBoard board;
    private final Closeable source;
    private final Thread own;
    private String pending = "";
    private int newlines = 2;
    private volatile boolean closed;

    /** @param source is closed where the watcher has gone */
    WatchRelay(HttpAnswer answer, StatusBoard board, Closeable source) {
        this.answer = answer;
        this.board = board;
        this.source = source;
        this.own =
                Thread.ofPlatform().name("watch").daemon().stackSize(256 * 1024).unstarted(this::tellOfChanges);
        own.start();
    }

    /** Sends what a node's stream brought. */
    synchronized void pass(byte[] bytes, int count) throws IOException {
        int sent = 0;
        for (int i = 0; i < count; i++) {
            newlines = bytes[i] == '\n' ? newlines + 1 : bytes[i] == '\r' ? newlines : 0;
            if (newlines >= 2 && !pending.isEmpty()) {
                send(bytes, sent, i + 1);
                sent = i + 1;
                sendPending();
            }
        }
        send(bytes, sent, count);
    }

    private void tellOfChanges() {
        long number = -1;
        try {
            while (!closed) {
                for (StatusBoard.Change change : board.awaitChanges(number, LOOK_AROUND)) {
                    number = change.number();
                    if (change.state() == MemberState.MEMBER || change.state() == MemberState.FENCED) {
                        tell(change);
                    }
                }
            }
        } catch (InterruptedException e) {
            // the watch is over
        } catch (IOException e) {
            try {
                source.close();
            } catch (IOException closing) {
                // the watcher has gone, and so has the node
            }
        }
    }

    private synchronized void tell(StatusBoard.Change change) throws IOException {
        pending += "event: " + change.state().word() + "\ndata: "
                + ClusterJson.object(json -> json.writeNumberField("incarnation", change.incarnation())) + "\n\n";
        if (newlines >= 2) {
            sendPending();
        }
    }

    private void sendPending() throws IOException {
        byte[] bytes = pending.getBytes(StandardCharsets.UTF_8);
        pending = "";
        if (!closed) {
            answer.chunk(bytes, bytes.length);
        }
    }

    private void send(byte[] bytes, int from, int to) throws IOException {
        if (to > from) {
            answer.chunk(Arrays.copyOfRange(bytes, from, to), to - from);
        }
    }

    @Override
    public void close() {
        closed = true;
        own.interrupt();
        synchronized (this) {
            // what is being sent is sent before the stream ends
            pending = "";
        }
    }
}
