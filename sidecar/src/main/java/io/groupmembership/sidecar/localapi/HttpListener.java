package io.groupmembership.sidecar.localapi;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * HTTP/1.1 as far as an agent serves it: requests without a body, one a connection, so many connections at a time, each
 * with a thread of its own and a time at which it is cut off, whatever its client does.
 *
 * <p>The JDK's own server would do, but it costs each agent 4 MB of memory and more CPU time than all the rest at rest.
 */
final class HttpListener implements Closeable {
    /** Serves a request. Where it throws, the answer breaks off, and the client can tell. */
    @FunctionalInterface
    interface Handler {
        void serve(Request request, HttpAnswer answer) throws IOException;
    }

    /**
     * What was asked for.
     *
     * @param path as it was sent, without the query
     */
    record Request(String method, String path, Optional<String> lastEventId) {}

    static final int LONGEST_HEAD = 8 * 1024;

    private static final int BACKLOG = 16;
    private static final Duration HEAD_LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);
    private static final Duration REST_LIMIT = Duration.ofSeconds(1);
    private static final Duration LOOK_AROUND = Duration.ofSeconds(10);
    private static final String LAST_EVENT_ID = "last-event-id:";

    private final ServerSocket listening;
    private final int mostConnections;
    private final Duration answerLimit;
    private final Handler handler;
    private final Map<Socket, Long> deadlinesNanos = new ConcurrentHashMap<>();

    /**
     * Binds and serves. Port 0 for any free one.
     *
     * @param answerLimit how long an answer may take; it breaks off then
     */
    HttpListener(InetSocketAddress address, int mostConnections, Duration answerLimit, Handler handler)
            throws IOException {
        this.mostConnections = mostConnections;
        this.answerLimit = answerLimit;
        this.handler = handler;
        this.listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(address, BACKLOG);
        listening.setSoTimeout((int) LOOK_AROUND.toMillis());
        daemon(this::accept, "http").start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket connection = listening.accept();
                if (deadlinesNanos.size() < mostConnections) {
                    begin(connection);
                } else {
                    connection.close();
                }
            } catch (SocketTimeoutException e) {
                // time to look around
            } catch (IOException e) {
                // closed, or a client that was gone before it was met, or no descriptor is left
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
            }
            cutOffWhatIsOver();
        }
    }

    private void begin(Socket connection) {
        deadlinesNanos.put(connection, System.nanoTime() + HEAD_LIMIT.toNanos());
        try {
            daemon(() -> serve(connection), "http-connection").start();
        } catch (OutOfMemoryError e) {
            // no thread is left, for the moment
            end(connection);
        }
    }

    private void cutOffWhatIsOver() {
        long nowNanos = System.nanoTime();
        for (Map.Entry<Socket, Long> one : deadlinesNanos.entrySet()) {
            if (nowNanos - one.getValue() > 0) {
                end(one.getKey());
            }
        }
    }

    private void serve(Socket connection) {
        try {
            connection.setSoTimeout((int) HEAD_LIMIT.toMillis());
            InputStream in = connection.getInputStream();
            Optional<Request> request = read(in);
            if (request.isPresent()) {
                deadlinesNanos.replace(connection, System.nanoTime() + answerLimit.toNanos());
                HttpAnswer answer = new HttpAnswer(connection.getOutputStream());
                handler.serve(request.get(), answer);
                answer.end();
                connection.shutdownOutput();
                // a body that nobody reads would reset the connection, and take the answer with it
                deadlinesNanos.replace(connection, System.nanoTime() + REST_LIMIT.toNanos());
                connection.setSoTimeout((int) REST_LIMIT.toMillis());
                in.skip(LONGEST_HEAD);
            }
        } catch (IOException e) {
            // the client sees that the answer breaks off
        } finally {
            end(connection);
        }
    }

    private void end(Socket connection) {
        deadlinesNanos.remove(connection);
        try {
            connection.close();
        } catch (IOException e) {
            // it is over in any case
        }
    }

    /** The head of a request; empty where it is none, or too long. */
    private static Optional<Request> read(InputStream in) throws IOException {
        byte[] head = new byte[LONGEST_HEAD];
        int length = 0;
        while (length < head.length) {
            int count = in.read(head, length, head.length - length);
            if (count < 0) {
                return Optional.empty();
            }
            length += count;
            String text = new String(head, 0, length, StandardCharsets.ISO_8859_1);
            if (text.contains("\r\n\r\n")) {
                return parse(text);
            }
        }
        return Optional.empty();
    }

    /** What the head of a request asks for; empty where it is none. */
    static Optional<Request> parse(String head) {
        int lineEnd = head.indexOf("\r\n");
        int methodEnd = head.indexOf(' ');
        int targetEnd = head.indexOf(' ', methodEnd + 1);
        if (methodEnd <= 0 || targetEnd < 0 || targetEnd > lineEnd || !head.startsWith(" HTTP/1.", targetEnd)) {
            return Optional.empty();
        }
        String target = head.substring(methodEnd + 1, targetEnd);
        int query = target.indexOf('?');
        return Optional.of(new Request(
                head.substring(0, methodEnd),
                query < 0 ? target : target.substring(0, query),
                lastEventId(head, lineEnd + 2)));
    }

    private static Optional<String> lastEventId(String head, int from) {
        Optional<String> found = Optional.empty();
        int at = from;
        for (int end = head.indexOf("\r\n", at); end > at; end = head.indexOf("\r\n", at)) {
            if (head.regionMatches(true, at, LAST_EVENT_ID, 0, LAST_EVENT_ID.length())) {
                found = Optional.of(
                        head.substring(at + LAST_EVENT_ID.length(), end).strip());
            }
            at = end + 2;
        }
        return found;
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            // nothing listens any more
        }
        deadlinesNanos.keySet().forEach(this::end);
    }
}
