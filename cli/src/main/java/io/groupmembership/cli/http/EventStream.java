package io.groupmembership.cli.http;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Follows a stream of events across servers: where a connection breaks, the next server is asked for what comes after
 * the last event (Last-Event-ID). A {@code reset} says that the server no longer has that, and the stream starts anew.
 */
public final class EventStream {
    /** A stream that is silent for so long is asked for again: its server may have stopped without a word. */
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Connector connector;
    private final List<URI> servers;
    private final Duration outageLimit;
    private final Consumer<String> remarks;
    private String lastEventId;
    private boolean stopped;

    /**
     * @param outageLimit how long no server may serve before {@link #follow} fails
     * @param lastEventId where to go on from; empty for the present
     * @param remarks hears of lost connections
     */
    public EventStream(
            Connector connector,
            List<URI> servers,
            Duration outageLimit,
            String lastEventId,
            Consumer<String> remarks) {
        this.connector = connector;
        this.servers = List.copyOf(servers);
        this.outageLimit = outageLimit;
        this.lastEventId = lastEventId;
        this.remarks = remarks;
    }

    /** Hands on events until the reader returns false; a {@link CliFailure} where no server serves the stream. */
    public void follow(Request request, Predicate<SseEvent> reader) throws InterruptedException {
        long servedNanos = System.nanoTime();
        boolean everServed = false;
        CliFailure unreachable = Refusal.noServer(servers);
        CliFailure failure = unreachable;
        for (int turn = 0; !stopped; turn++) {
            URI server = servers.get(turn % servers.size());
            try {
                if (read(server, request, reader)) {
                    everServed = true;
                    servedNanos = System.nanoTime();
                    failure = unreachable;
                    if (!stopped) {
                        remarks.accept("connection to " + server + " ended; going on with the next server");
                    }
                }
            } catch (TemporaryAnswer e) {
                failure = Refusal.of(e.answer);
            } catch (IOException e) {
                // not reached: the next one may be
                Optional<String> problem = connector.problem(server, e);
                failure = problem.map(Refusal::notUnderstood).orElse(failure);
            }
            boolean roundOver = (turn + 1) % servers.size() == 0;
            boolean outage = System.nanoTime() - servedNanos > outageLimit.toNanos();
            if (!stopped && roundOver && (outage || (!everServed && !isTemporary(failure, unreachable)))) {
                throw failure;
            }
            if (!stopped && roundOver) {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
    }

    /** Nothing is gained by asking again at once where no server was reached, or none could be talked to. */
    private static boolean isTemporary(CliFailure failure, CliFailure unreachable) {
        return failure != unreachable && failure.exitCode() == ExitCode.UNAVAILABLE;
    }

    /** Whether the server served the stream; it has ended then. */
    private boolean read(URI server, Request request, Predicate<SseEvent> reader) throws IOException {
        Request resumed = request.header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            resumed = resumed.header("Last-Event-ID", lastEventId);
        }
        HttpURLConnection connection = ApiClient.open(connector, server, resumed, CONNECT_LIMIT, SILENCE_LIMIT);
        try {
            int status = connection.getResponseCode();
            if (status != 200) {
                InputStream error = connection.getErrorStream();
                byte[] body = error == null ? new byte[0] : error.readAllBytes();
                Answer answer = new Answer(server, status, connection.getHeaderFields(), body);
                if (answer.isTemporary()) {
                    throw new TemporaryAnswer(answer);
                }
                throw Refusal.of(answer);
            }
            pump(connection.getInputStream(), reader);
            return true;
        } finally {
            connection.disconnect();
        }
    }

    private void pump(InputStream stream, Predicate<SseEvent> reader) {
        SseParser parser = new SseParser(event -> {
            if (stopped) {
                return;
            }
            lastEventId = event.type().equals("reset") ? "" : event.id();
            stopped = !reader.test(event);
        });
        byte[] bytes = new byte[16 * 1024];
        try {
            int count = stream.read(bytes);
            while (count >= 0 && !stopped) {
                parser.feed(bytes, 0, count);
                count = stopped ? -1 : stream.read(bytes);
            }
        } catch (IOException e) {
            // a broken connection ends the stream as a closed one does
        }
    }

    private static final class TemporaryAnswer extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Answer answer;

        TemporaryAnswer(Answer answer) {
            super("answered " + answer.status());
            this.answer = answer;
        }
    }
}
