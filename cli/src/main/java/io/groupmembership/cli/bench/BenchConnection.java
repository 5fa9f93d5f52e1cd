package io.groupmembership.cli.bench;

import io.groupmembership.cli.http.Connector;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** A connection that is kept alive: one request, one response, again and again. For one thread at a time. */
final class BenchConnection implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration READ_LIMIT = Duration.ofSeconds(5);

    private final Socket socket;
    private final byte[] input = new byte[16 * 1024];
    private final ResponseParser parser = new ResponseParser(this::append);
    private byte[] body = new byte[1024];
    private int bodyLength;

    BenchConnection(Connector connector, URI server) throws IOException {
        socket = connector.socket(server, CONNECT_LIMIT, READ_LIMIT);
    }

    /** Sends a request and reads its response; returns the status. After a failure only {@link #close} is left. */
    int exchange(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        parser.reset();
        bodyLength = 0;
        InputStream in = socket.getInputStream();
        while (!parser.isComplete()) {
            int count = in.read(input);
            if (count < 0) {
                throw new IOException("the connection ended within a response");
            }
            parser.feed(input, 0, count);
        }
        return parser.status();
    }

    /** How often a text of ASCII occurs in the body of the last response. */
    int count(byte[] text) {
        int found = 0;
        for (int i = 0; i + text.length <= bodyLength; i++) {
            if (body[i] == text[0] && Arrays.equals(body, i, i + text.length, text, 0, text.length)) {
                found++;
                i += text.length - 1;
            }
        }
        return found;
    }

    /** The number that follows the first occurrence of a text such as {@code "view":}; -1 where there is none. */
    long numberAfter(String text) {
        String json = new String(body, 0, bodyLength, StandardCharsets.UTF_8);
        int at = json.indexOf(text);
        if (at < 0) {
            return -1;
        }
        int from = at + text.length();
        int end = from;
        while (end < json.length() && Character.isDigit(json.charAt(end))) {
            end++;
        }
        return end == from ? -1 : Long.parseLong(json.substring(from, end));
    }

    /** Takes the keys of members out of the body of the last response. */
    void learn(MemberKeys keys) {
        keys.learn(body, bodyLength);
    }

    /** The body of the last response as text. */
    String text() {
        return new String(body, 0, bodyLength, StandardCharsets.UTF_8);
    }

    private void append(byte[] bytes, int offset, int length) {
        if (bodyLength + length > body.length) {
            body = Arrays.copyOf(body, Math.max(body.length * 2, bodyLength + length));
        }
        System.arraycopy(bytes, offset, body, bodyLength, length);
        bodyLength += length;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing more is wanted from it
        }
    }
}
