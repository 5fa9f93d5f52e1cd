package io.groupmembership.cli.http;

import io.groupmembership.cli.CliFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends a request to the first of several servers that serves it, within one time limit.
 *
 * <ol>
 *   <li>The servers are tried in order. Each gets an equal share of the time that is left, so that one that hangs
 *       leaves time for the others.
 *   <li>An answer other than 429, 502, 503 or 504 is the answer.
 *   <li>If no server answers at all, that is the outcome: nothing is gained by asking again at once.
 *   <li>If one answered that it can't serve now, the round is repeated after a pause, until the limit.
 * </ol>
 *
 * <p>A write carries an idempotency key ({@link Request#write}), so a server that had applied it before its answer got
 * lost does no harm.
 */
public final class ApiClient {
    private static final Duration SHORTEST_ATTEMPT = Duration.ofMillis(250);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Connector connector;
    private final List<URI> servers;
    private final Duration limit;

    /** Of servers that are called without TLS and without a name. */
    public ApiClient(List<URI> servers, Duration limit) {
        this(Connector.PLAIN, servers, limit);
    }

    /**
     * @param servers base URLs, at least one
     * @param limit for one {@link #send}, all attempts together
     */
    public ApiClient(Connector connector, List<URI> servers, Duration limit) {
        this.connector = connector;
        this.servers = List.copyOf(servers);
        this.limit = limit;
    }

    public List<URI> servers() {
        return servers;
    }

    public Connector connector() {
        return connector;
    }

    /** The answer, success or refusal; a {@link CliFailure} where no server gave one in time. */
    public Answer send(Request request) {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        Answer temporary = null;
        Optional<String> problem = Optional.empty();
        while (true) {
            for (int i = 0; i < servers.size(); i++) {
                Duration share = share(deadlineNanos - System.nanoTime(), servers.size() - i);
                try {
                    Answer answer = attempt(connector, servers.get(i), request, share);
                    if (!answer.isTemporary()) {
                        return answer;
                    }
                    temporary = answer;
                } catch (IOException e) {
                    URI server = servers.get(i);
                    problem = problem.or(() -> connector.problem(server, e));
                }
                if (System.nanoTime() - deadlineNanos >= 0) {
                    break;
                }
            }
            if (temporary == null) {
                throw problem.map(Refusal::notUnderstood).orElseGet(() -> Refusal.noServer(servers));
            }
            Duration pause = pause(temporary);
            if (System.nanoTime() + pause.toNanos() - deadlineNanos >= 0) {
                throw Refusal.of(temporary);
            }
            sleep(pause);
        }
    }

    /** Sends a request once; empty where no answer came, and so nobody knows whether it was carried out. */
    public static Optional<Answer> once(Connector connector, URI server, Request request, Duration limit) {
        try {
            return Optional.of(attempt(connector, server, request, limit));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Answer attempt(Connector connector, URI server, Request request, Duration share) throws IOException {
        HttpURLConnection connection = open(connector, server, request, share, share);
        try {
            int status = connection.getResponseCode();
            InputStream stream = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
            byte[] body = stream == null ? new byte[0] : stream.readAllBytes();
            return new Answer(server, status, connection.getHeaderFields(), body);
        } finally {
            connection.disconnect();
        }
    }

    /** Opens a connection and sends the request, without waiting for the answer. */
    static HttpURLConnection open(
            Connector connector, URI server, Request request, Duration connectLimit, Duration readLimit)
            throws IOException {
        HttpURLConnection connection = connector.open(server, request.path());
        connection.setConnectTimeout((int) Math.min(connectLimit.toMillis(), CONNECT_LIMIT.toMillis()));
        connection.setReadTimeout((int) Math.min(readLimit.toMillis(), Integer.MAX_VALUE));
        connection.setRequestMethod(request.method());
        connection.setRequestProperty("Accept", "*/*");
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            connection.setRequestProperty(header.getKey(), header.getValue());
        }
        byte[] body = request.body();
        if (body != null) {
            if (!request.headers().containsKey("Content-Type")) {
                connection.setRequestProperty("Content-Type", "application/json");
            }
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            connection.getOutputStream().write(body);
        }
        return connection;
    }

    static Duration share(long leftNanos, int serversLeft) {
        Duration share = Duration.ofNanos(Math.max(0, leftNanos) / serversLeft);
        return share.compareTo(SHORTEST_ATTEMPT) < 0 ? SHORTEST_ATTEMPT : share;
    }

    private static Duration pause(Answer temporary) {
        Duration asked = temporary
                .header("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,4}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(PAUSE);
        return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked.isZero() ? PAUSE : asked;
    }

    private static void sleep(Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(io.groupmembership.cli.ExitCode.ERROR, "interrupted");
        }
    }
}
