package io.groupmembership.cli.bench;

import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of all members that the load tool has made, by incarnation: clients put in what joins are answered with, the
 * responder takes out. About 150 bytes a member, so 15 MB for 100,000. For every thread.
 */
final class MemberKeys {
    private static final byte[] INCARNATION = ascii("\"incarnation\":");
    private static final byte[] KEY_ID = ascii("\"keyId\":");
    private static final byte[] KEY = ascii("\"key\":\"");

    private final Map<Long, HeartbeatKey> keys = new ConcurrentHashMap<>();

    @Nullable HeartbeatKey find(long incarnation) {
        return keys.get(incarnation);
    }

    int size() {
        return keys.size();
    }

    /**
     * Takes every key out of the answer to a join or to a batch of them: JSON as nodes write it, without spaces, in
     * which a member's incarnation comes before its key.
     *
     * @param body whose first {@code length} bytes count
     */
    void learn(byte[] body, int length) {
        long incarnation = 0;
        int at = 0;
        while (true) {
            int quote = indexOf(body, at, length, (byte) '"');
            if (quote < 0) {
                return;
            }
            if (isAt(body, quote, length, INCARNATION)) {
                at = quote + INCARNATION.length;
                incarnation = number(body, at, length);
            } else if (isAt(body, quote, length, KEY_ID)) {
                at = learnKey(incarnation, body, quote + KEY_ID.length, length);
            } else {
                at = quote + 1;
            }
        }
    }

    /** @param at where the key's id begins; returns where to read on */
    private int learnKey(long incarnation, byte[] body, int at, int length) {
        long keyId = number(body, at, length);
        int key = at;
        while (key < length && body[key] != '"' && body[key] != '}') {
            key++;
        }
        if (incarnation < 1 || !isAt(body, key, length, KEY)) {
            return key;
        }
        int from = key + KEY.length;
        int end = indexOf(body, from, length, (byte) '"');
        if (end < 0) {
            return length;
        }
        try {
            String base64 = new String(body, from, end - from, StandardCharsets.US_ASCII);
            keys.put(incarnation, HeartbeatKey.of((int) keyId, base64));
        } catch (IllegalArgumentException _) {
            // the member will not answer, and what it was made for shows that
        }
        return end + 1;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int indexOf(byte[] bytes, int from, int end, byte wanted) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isAt(byte[] bytes, int at, int end, byte[] text) {
        return at + text.length <= end && Arrays.equals(bytes, at, at + text.length, text, 0, text.length);
    }

    /** The digits from there on. */
    private static long number(byte[] bytes, int from, int end) {
        long number = 0;
        for (int i = from; i < end && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            number = number * 10 + (bytes[i] - '0');
        }
        return number;
    }
}
