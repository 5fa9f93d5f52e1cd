package io.groupmembership.operator.group.follow;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * The lines of an event stream, one after the other; as a stream of bytes it ends where its line ends. Lines end with
 * LF or CR LF. Nothing longer than the bound that a caller names is ever kept.
 */
final class LineInput extends InputStream {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final InputStream in;
    private final Runnable alive;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;
    private boolean inLine;
    private boolean empty;

    /** @param alive is told whenever bytes have come */
    LineInput(InputStream in, Runnable alive) {
        this.in = in;
        this.alive = alive;
    }

    /** Goes to the begin of the next line, when its first byte is there; false at the end of the stream. */
    boolean nextLine() throws IOException {
        skipRest();
        if (!fill()) {
            return false;
        }
        inLine = true;
        return true;
    }

    /** Reads up to the colon, or to the end of the line; empty for a comment and for an empty line. */
    String fieldName(int most) throws IOException {
        StringBuilder name = new StringBuilder();
        for (int b = read(); b >= 0 && b != ':'; b = read()) {
            if (b != '\r') {
                append(name, b, most);
            }
        }
        empty = name.isEmpty() && !inLine;
        return name.toString();
    }

    /** Whether there was nothing on this line, once its field name was read. */
    boolean isEmptyLine() {
        return empty;
    }

    /** The rest of the line, without the space that may follow the colon. */
    String rest(int most) throws IOException {
        StringBuilder value = new StringBuilder();
        for (int b = read(); b >= 0; b = read()) {
            if (b != '\r' && !(b == ' ' && value.isEmpty())) {
                append(value, b, most);
            }
        }
        return value.toString();
    }

    private static void append(StringBuilder text, int b, int most) throws IOException {
        if (text.length() >= most) {
            throw new IOException("a line of the event stream is longer than " + most + " bytes");
        }
        text.append((char) b);
    }

    void skipRest() throws IOException {
        while (inLine) {
            read();
        }
    }

    @Override
    public int read() throws IOException {
        if (!inLine) {
            return -1;
        }
        if (!fill()) {
            throw new IOException("the stream ended within a line");
        }
        byte b = buffer[next++];
        if (b == '\n') {
            inLine = false;
            return -1;
        }
        return b & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!inLine) {
            return -1;
        }
        if (!fill()) {
            throw new IOException("the stream ended within a line");
        }
        int most = Math.min(length, end - next);
        for (int i = 0; i < most; i++) {
            byte b = buffer[next++];
            if (b == '\n') {
                inLine = false;
                return i == 0 ? -1 : i;
            }
            target[offset + i] = b;
        }
        return most;
    }

    private boolean fill() throws IOException {
        if (next < end) {
            return true;
        }
        int count = in.read(buffer, 0, buffer.length);
        next = 0;
        end = Math.max(count, 0);
        if (count > 0) {
            alive.run();
        }
        return count > 0;
    }
}
