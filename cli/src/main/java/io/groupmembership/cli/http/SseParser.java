package io.groupmembership.cli.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads an event stream as the HTML standard (section 9.2.6) defines it, from bytes that arrive in any pieces: lines
 * end with CR, LF or both; an empty line ends an event; an event without data is none.
 */
public final class SseParser {
    /** The largest line and the largest event: a view of a million members fits. */
    private static final int LARGEST_BYTES = 256 * 1024 * 1024;

    private final Consumer<SseEvent> events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    private final StringBuilder data = new StringBuilder();
    private String id = "";
    private String type = "";
    private boolean afterReturn;

    public SseParser(Consumer<SseEvent> events) {
        this.events = events;
    }

    /** Takes the next bytes of the stream; hands on each event that they complete. */
    public void feed(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (b == '\n' && afterReturn) {
                afterReturn = false;
                continue;
            }
            afterReturn = b == '\r';
            if (b == '\n' || b == '\r') {
                endLine();
            } else {
                if (line.size() >= LARGEST_BYTES) {
                    throw new IOException("a line of the event stream is longer than " + LARGEST_BYTES + " bytes");
                }
                line.write(b);
            }
        }
    }

    private void endLine() throws IOException {
        if (line.size() == 0) {
            dispatch();
            return;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (field) {
            case "id" -> id = value.indexOf('\0') >= 0 ? id : value;
            case "event" -> type = value;
            case "data" -> {
                if (data.length() + value.length() > LARGEST_BYTES) {
                    throw new IOException("an event is longer than " + LARGEST_BYTES + " characters");
                }
                data.append(value).append('\n');
            }
            default -> {
                // comments keep the connection alive, and other fields are for other readers
            }
        }
    }

    private void dispatch() {
        if (!data.isEmpty()) {
            data.setLength(data.length() - 1);
            events.accept(new SseEvent(id, type.isEmpty() ? "message" : type, data.toString()));
        }
        data.setLength(0);
        type = "";
    }
}
