package io.groupmembership.cli.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a request, written once; for each use only the digits in its slots change. A slot is a number of fixed
 * width, so nothing else moves.
 */
final class RequestTemplate {
    /** Digits of a slot: enough for every member of a run. */
    static final int SLOT_DIGITS = 9;

    private static final String MARK = "#########";

    private final byte[] bytes;
    private final int[] slots;

    private RequestTemplate(byte[] bytes, int[] slots) {
        this.bytes = bytes;
        this.slots = slots;
    }

    /** What stands in a text for a slot. */
    static String slot() {
        return MARK;
    }

    /**
     * A request with a body of JSON, or without one.
     *
     * @param headers lines without their ends
     * @param body empty for none
     */
    static RequestTemplate of(String method, String path, String authority, List<String> headers, String body) {
        StringBuilder text = new StringBuilder();
        text.append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(authority)
                .append("\r\n");
        headers.forEach(header -> text.append(header).append("\r\n"));
        if (!body.isEmpty()) {
            text.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length())
                    .append("\r\n");
        }
        text.append("\r\n").append(body);
        List<Integer> slots = new ArrayList<>();
        for (int at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, at + SLOT_DIGITS)) {
            slots.add(at);
        }
        return new RequestTemplate(
                text.toString().getBytes(StandardCharsets.US_ASCII),
                slots.stream().mapToInt(Integer::intValue).toArray());
    }

    int slots() {
        return slots.length;
    }

    /** Writes a number into a slot. */
    RequestTemplate set(int slot, long number) {
        long rest = number;
        for (int i = SLOT_DIGITS - 1; i >= 0; i--) {
            bytes[slots[slot] + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** The request as it is now; the array is the template's own. */
    byte[] bytes() {
        return bytes;
    }
}
