package io.groupmembership.sidecar.cluster;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events (WHATWG HTML, section 9.2) read as a stream: the data of an event is handed on while it arrives,
 * never gathered, for one event may list 100,000 members. The fields of an event may come in any order, and its data
 * on several lines.
 */
public final class EventStream {
    private static final int MOST_FIELD_CHARACTERS = 512;

    /** Reads the data of one event. What it leaves unread is skipped. */
    @FunctionalInterface
    public interface DataReader<T> {
        T read(InputStream data) throws IOException;
    }

    /** An event's name ("message" where the stream gives none) and what was made of its data. */
    public record Event<T>(String name, T data) {}

    private final InputStream in;
    private final byte[] buffer = new byte[8 * 1024];
    private int next;
    private int end;
    private String name = "";

    public EventStream(InputStream in) {
        this.in = in;
    }

    /** The next event that has data; empty where the stream has ended between two events. */
    public <T> Optional<Event<T>> next(DataReader<T> reader) throws IOException {
        name = "";
        while (true) {
            int b = peek();
            if (b < 0) {
                return Optional.empty();
            }
            if (!advanceToData()) {
                name = "";
                continue;
            }
            DataInput data = new DataInput();
            T result = reader.read(data);
            data.skipRest();
            return Optional.of(new Event<>(name.isEmpty() ? "message" : name, result));
        }
    }

    /** Reads fields up to the first byte of a data field; false where a blank line ends the event before. */
    private boolean advanceToData() throws IOException {
        while (true) {
            @Nullable String field = fieldName();
            if (field == null) {
                return false;
            }
            if (field.equals("data")) {
                return true;
            }
            String value = restOfLine();
            if (field.equals("event")) {
                name = value;
            }
        }
    }

    /** The name before the colon, the colon and one space after it consumed; null for a blank line. */
    private @Nullable String fieldName() throws IOException {
        if (endOfLine(required(peek()))) {
            consumeEndOfLine();
            return null;
        }
        StringBuilder field = new StringBuilder(8);
        while (true) {
            int b = required(peek());
            if (endOfLine(b)) {
                return field.toString();
            }
            next++;
            if (b == ':') {
                if (required(peek()) == ' ') {
                    next++;
                }
                return field.toString();
            }
            if (field.length() < MOST_FIELD_CHARACTERS) {
                field.append((char) b);
            }
        }
    }

    private String restOfLine() throws IOException {
        StringBuilder value = new StringBuilder();
        while (!endOfLine(required(peek()))) {
            if (value.length() < MOST_FIELD_CHARACTERS) {
                value.append((char) buffer[next]);
            }
            next++;
        }
        consumeEndOfLine();
        return value.toString();
    }

    /**
     * Consumes LF, CR, or CR LF. After a CR at the end of what has arrived it looks at the next byte, and so may wait
     * for it: nodes end their lines with LF.
     */
    private void consumeEndOfLine() throws IOException {
        if (buffer[next++] == '\r' && peek() == '\n') {
            next++;
        }
    }

    private static boolean endOfLine(int b) {
        return b == '\n' || b == '\r';
    }

    private static int required(int b) throws EOFException {
        if (b < 0) {
            throw new EOFException("the stream ended within an event");
        }
        return b;
    }

    /** The byte at {@link #next}, -1 at the end of the stream. */
    private int peek() throws IOException {
        if (next == end) {
            next = 0;
            end = Math.max(0, in.read(buffer, 0, buffer.length));
            if (end == 0) {
                return -1;
            }
        }
        return buffer[next] & 0xFF;
    }

    /** The data of the event at hand, its lines joined by LF. */
    private final class DataInput extends InputStream {
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (ended || length == 0) {
                return ended ? -1 : 0;
            }
            int b = required(peek());
            if (endOfLine(b)) {
                consumeEndOfLine();
                if (!advanceToData()) {
                    ended = true;
                    return -1;
                }
                into[offset] = '\n';
                return 1;
            }
            int count = 0;
            while (count < length && next < end && !endOfLine(buffer[next])) {
                into[offset + count] = buffer[next];
                count++;
                next++;
            }
            return count;
        }

        void skipRest() throws IOException {
            byte[] skipped = new byte[512];
            while (read(skipped, 0, skipped.length) >= 0) {
                // only the end matters
            }
        }
    }
}
