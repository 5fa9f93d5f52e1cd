package io.groupmembership.cli.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request, the same for every server that it is sent to.
 *
 * @param path with its query, percent-encoded, from the first slash on
 * @param body null where there is none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Request(String method, String path, Map<String, String> headers, byte @Nullable [] body) {
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String UNRESERVED = "-._~:=/";

    public static Request get(String path) {
        return new Request("GET", path, Map.of(), null);
    }

    /** A write under a new idempotency key: sent again, to whichever server, it is still applied once. */
    public static Request write(String method, String path, byte @Nullable [] body) {
        return new Request(
                method, path, Map.of(IDEMPOTENCY_KEY, UUID.randomUUID().toString()), body);
    }

    /** The same with one more header. */
    public Request header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Request(method, path, more, body);
    }

    /** The same with another query parameter; the value needs no encoding. */
    public Request query(String name, String value) {
        return new Request(
                method, path + (path.indexOf('?') < 0 ? "?" : "&") + name + "=" + encoded(value), headers, body);
    }

    /** A name or key as part of a path; slashes stay, since keys have them and names have none. */
    public static String encoded(String text) {
        StringBuilder path = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || UNRESERVED.indexOf(c) >= 0) {
                path.append(c);
            } else {
                path.append('%').append(hex(c >> 4)).append(hex(c & 0xF));
            }
        }
        return path.toString();
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }
}
