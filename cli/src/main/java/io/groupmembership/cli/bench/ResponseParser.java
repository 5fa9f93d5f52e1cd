package io.groupmembership.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads HTTP/1.1 responses from bytes that arrive in any pieces (RFC 9112): status, and a body by its content-length,
 * in chunks, or up to the end of the connection. Nothing else of the head is kept. One parser reads the responses of
 * one connection, one after the other.
 */
final class ResponseParser {
    /** Takes the body, piece by piece, without any framing. */
    interface Body {
        void accept(byte[] bytes, int offset, int length);
    }

    private static final int LARGEST_HEAD_BYTES = 16 * 1024;

    private enum State {
        HEAD,
        FIXED,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILER,
        UNTIL_CLOSE,
        COMPLETE
    }

    private final Body body;
    private byte[] head = new byte[256];
    private int headLength;
    private State state = State.HEAD;
    private int status;
    private long left;
    private boolean inSize;
    private boolean lineEmpty;

    ResponseParser(Body body) {
        this.body = body;
    }

    /** Makes ready for the next response. */
    void reset() {
        state = State.HEAD;
        headLength = 0;
        status = 0;
    }

    boolean isComplete() {
        return state == State.COMPLETE;
    }

    /** Whether the head has been read, so that {@link #status} is known. */
    boolean hasHead() {
        return state != State.HEAD;
    }

    int status() {
        return status;
    }

    /** Takes bytes up to the end of the response; returns how many it took. */
    int feed(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end && state != State.COMPLETE) {
            at = switch (state) {
                case HEAD -> head(bytes, at);
                case FIXED, CHUNK_DATA -> data(bytes, at, end);
                case UNTIL_CLOSE -> {
                    body.accept(bytes, at, end - at);
                    yield end;
                }
                case CHUNK_SIZE -> chunkSize(bytes[at], at);
                case CHUNK_END -> {
                    state = bytes[at] == '\n' ? State.CHUNK_SIZE : State.CHUNK_END;
                    startSize();
                    yield at + 1;
                }
                case TRAILER -> trailer(bytes[at], at);
                case COMPLETE -> at;
            };
        }
        return at - offset;
    }

    private int head(byte[] bytes, int at) throws IOException {
        if (headLength == head.length) {
            if (headLength >= LARGEST_HEAD_BYTES) {
                throw new IOException("the head of a response is longer than " + LARGEST_HEAD_BYTES + " bytes");
            }
            head = java.util.Arrays.copyOf(head, head.length * 2);
        }
        head[headLength++] = bytes[at];
        boolean ended = headLength >= 4
                && head[headLength - 1] == '\n'
                && head[headLength - 2] == '\r'
                && head[headLength - 3] == '\n'
                && head[headLength - 4] == '\r';
        if (ended) {
            readHead(new String(head, 0, headLength, StandardCharsets.ISO_8859_1));
        }
        return at + 1;
    }

    private void readHead(String text) throws IOException {
        if (!text.startsWith("HTTP/1.") || text.length() < 12) {
            throw new IOException("no HTTP response");
        }
        status = number(text.substring(9, 12), 10);
        String lower = text.toLowerCase(Locale.ROOT);
        int contentLength = lower.indexOf("\r\ncontent-length:");
        if (status == 204 || status == 304) {
            state = State.COMPLETE;
        } else if (lower.contains("\r\ntransfer-encoding: chunked\r\n")) {
            state = State.CHUNK_SIZE;
            startSize();
        } else if (contentLength >= 0) {
            int from = contentLength + "\r\ncontent-length:".length();
            left = number(lower.substring(from, lower.indexOf('\r', from)).strip(), 10);
            state = left == 0 ? State.COMPLETE : State.FIXED;
        } else {
            state = State.UNTIL_CLOSE;
        }
    }

    private static int number(String text, int radix) throws IOException {
        try {
            return Integer.parseInt(text, radix);
        } catch (NumberFormatException e) {
            throw new IOException("'" + text + "' is no number", e);
        }
    }

    private int data(byte[] bytes, int at, int end) {
        int take = (int) Math.min(left, end - at);
        body.accept(bytes, at, take);
        left -= take;
        if (left == 0) {
            state = state == State.FIXED ? State.COMPLETE : State.CHUNK_END;
        }
        return at + take;
    }

    private void startSize() {
        left = 0;
        inSize = true;
    }

    /** The size in hexadecimal, then perhaps an extension, up to the end of the line. */
    private int chunkSize(byte b, int at) throws IOException {
        int digit = Character.digit(b, 16);
        if (b == '\n') {
            state = left == 0 ? State.TRAILER : State.CHUNK_DATA;
            lineEmpty = true;
        } else if (inSize && digit >= 0) {
            left = left * 16 + digit;
            if (left > Integer.MAX_VALUE) {
                throw new IOException("a chunk is too large");
            }
        } else {
            inSize = false;
        }
        return at + 1;
    }

    /** Lines up to an empty one. */
    private int trailer(byte b, int at) {
        if (b == '\n') {
            state = lineEmpty ? State.COMPLETE : State.TRAILER;
            lineEmpty = true;
        } else if (b != '\r') {
            lineEmpty = false;
        }
        return at + 1;
    }
}
