package io.groupmembership.node.watch;

import io.groupmembership.node.api.ProblemResponses;
import io.groupmembership.node.api.Problems;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * One stream. It is only touched on its event loop.
 *
 * <ul>
 *   <li><b>live</b>: it has everything up to its position, and the next change is written as it comes.
 *   <li><b>behind</b>: what it lacks is being fetched. What comes meanwhile is not kept, only its number.
 *   <li><b>full</b>: its reader is slow and what was written waits to be sent. Nothing more is written; when the reader
 *       has caught up, what it missed is fetched.
 * </ul>
 *
 * <p>Invariant: the client has every event up to the position, each once, in order. A number above the position that
 * was offered and not written is never forgotten ({@code newest}, {@code again}), so the watcher catches up with it.
 */
final class Watcher {
    private static final int SMALL_BYTES = 64 * 1024;
    private static final Buffer GREETING = Buffer.buffer("retry: 1000\n\n");
    private static final Buffer KEEPALIVE = EventEncoder.comment("keepalive");

    private enum State {
        LIVE,
        BEHIND,
        FULL,
        CLOSED
    }

    private final RoutingContext http;
    private final Watched watched;
    private final WatcherLoop loop;
    /** Where {@link WatcherList} has it. */
    int index;

    private State state = State.BEHIND;
    private long position;
    private long newest = WatchRequest.NOTHING;
    private boolean again;

    /** @param position what the client has already, or {@link WatchRequest#NOTHING} */
    Watcher(RoutingContext http, Watched watched, WatcherLoop loop, long position) {
        this.http = http;
        this.watched = watched;
        this.loop = loop;
        this.position = position;
    }

    Watched watched() {
        return watched;
    }

    /** Fetches the first events, once the watcher is where changes are offered to it. */
    void begin() {
        if (http.response().closed()) {
            close();
        } else if (state == State.BEHIND) {
            fetch();
        }
    }

    /** A change that was just applied. */
    void offer(Frame frame) {
        switch (state) {
            case LIVE -> {
                boolean next = watched instanceof Watched.Everything || frame.first() == position + 1;
                if (frame.number() > position && next) {
                    write(frame);
                } else if (frame.number() > position) {
                    fetch();
                }
            }
            case BEHIND, FULL -> newest = Math.max(newest, frame.number());
            case CLOSED -> {}
        }
    }

    /** Changes were lost on the way: whatever the watcher has, it may lack some. */
    void resync() {
        switch (state) {
            case LIVE -> fetch();
            case BEHIND, FULL -> again = true;
            case CLOSED -> {}
        }
    }

    private void fetch() {
        state = State.BEHIND;
        again = false;
        loop.fetch(this, position);
    }

    /** What was fetched has come. */
    void caughtUp(CatchUpAnswer answer) {
        if (state != State.BEHIND) {
            if (answer instanceof CatchUpAnswer.Anew anew) {
                anew.body().release();
            }
            return;
        }
        state = State.LIVE;
        switch (answer) {
            case CatchUpAnswer.Frames(var frames, boolean complete, long head) -> {
                start();
                newest = Math.max(newest, head);
                for (int i = 0; i < frames.size() && state == State.LIVE; i++) {
                    if (frames.get(i).number() > position) {
                        write(frames.get(i));
                    }
                }
                if (state == State.LIVE && complete) {
                    position = Math.max(position, head);
                }
            }
            case CatchUpAnswer.Anew anew -> {
                start();
                writeAnew(anew);
            }
            case CatchUpAnswer.Failed(Throwable reason) -> {
                fail(reason);
                return;
            }
        }
        goOn();
    }

    private void goOn() {
        if (state == State.LIVE && (again || newest > position)) {
            fetch();
        }
    }

    private void start() {
        HttpServerResponse response = http.response();
        if (!response.headWritten()) {
            response.setChunked(true)
                    .putHeader("Content-Type", "text/event-stream")
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("X-Accel-Buffering", "no");
            send(GREETING);
        }
    }

    private void write(Frame frame) {
        position = frame.number();
        loop.stats().countEvents(frame.events());
        send(frame.bytes());
    }

    private void writeAnew(CatchUpAnswer.Anew anew) {
        position = anew.head();
        loop.stats().countEvents(1);
        if (anew.reset()) {
            loop.stats().countReset();
        }
        anew.body().write(json -> {
            HttpServerResponse response = http.response();
            if (json.length() <= SMALL_BYTES) {
                return response.write(
                        Buffer.buffer(anew.before()).appendBuffer(json).appendString(anew.behind()));
            }
            if (!anew.before().isEmpty()) {
                response.write(anew.before());
            }
            var written = response.write(json);
            if (!anew.behind().isEmpty()) {
                response.write(anew.behind());
            }
            return written;
        });
        checkFull();
    }

    private void send(Buffer bytes) {
        http.response().write(bytes);
        checkFull();
    }

    private void checkFull() {
        if (state == State.LIVE && http.response().writeQueueFull()) {
            state = State.FULL;
            http.response().drainHandler(drained -> drained());
        }
    }

    private void drained() {
        if (state == State.FULL) {
            state = State.LIVE;
            goOn();
        }
    }

    /** Writes a comment, so that neither side takes the connection for dead. */
    void keepAlive() {
        if (http.response().closed()) {
            close();
        } else if (state == State.LIVE) {
            send(KEEPALIVE);
        }
    }

    /** Ends the stream: the client connects again, to this node or another. */
    void end() {
        if (state != State.CLOSED) {
            close();
            if (http.response().headWritten()) {
                http.response().end();
            } else {
                ProblemResponses.send(http, Problems.shuttingDown());
            }
        }
    }

    private void fail(Throwable reason) {
        if (http.response().headWritten()) {
            end();
        } else {
            close();
            ProblemResponses.send(http, reason);
        }
    }

    /** The connection is gone, or about to be. */
    void close() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            loop.remove(this);
        }
    }
}
