package io.groupmembership.node.api;

import io.groupmembership.protocol.Limits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which metadata a member may carry: keys of printable ASCII, values of any text, 4 KiB of both in UTF-8. */
final class MetadataRules {
    private MetadataRules() {}

    /** The metadata as it was sent, or none; a problem that names the entry where one is not allowed. */
    static Map<String, String> check(String field, @Nullable Map<String, @Nullable String> metadata) {
        if (metadata == null) {
            return Map.of();
        }
        if (metadata.size() > Limits.METADATA_ENTRIES) {
            throw Problems.invalidField(
                    field, "must have at most " + Limits.METADATA_ENTRIES + " entries, and has " + metadata.size());
        }
        long bytes = 0;
        for (Map.Entry<String, @Nullable String> entry : metadata.entrySet()) {
            String key = entry.getKey();
            if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c <= '~')) {
                throw Problems.invalidField(field, "must have keys of printable ASCII, without spaces, and not empty");
            }
            String value = entry.getValue();
            if (value == null) {
                throw Problems.invalidField(field + "." + shortened(key), "must not be null");
            }
            long valueBytes = utf8Bytes(value);
            if (valueBytes < 0) {
                throw Problems.invalidField(field + "." + shortened(key), "must be text that UTF-8 can carry");
            }
            bytes += key.length() + valueBytes;
        }
        if (bytes > Limits.METADATA_BYTES) {
            throw Problems.invalidField(
                    field, "must have at most " + Limits.METADATA_BYTES + " bytes in UTF-8, and has " + bytes);
        }
        @SuppressWarnings("NullAway") // no value is null: see above
        Map<String, String> checked = metadata;
        return checked;
    }

    /** How long the text is in UTF-8; -1 where it has half of a surrogate pair. */
    static long utf8Bytes(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                return -1;
            }
        }
        return bytes;
    }

    private static String shortened(String key) {
        return key.length() <= 64 ? key : key.substring(0, 64) + "…";
    }
}
