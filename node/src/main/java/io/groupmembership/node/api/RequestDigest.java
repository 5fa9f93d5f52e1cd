package io.groupmembership.node.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A hash over a sequence of values, each with its length, so that no two sequences run together into one. */
final class RequestDigest {
    private final MessageDigest sha256;

    RequestDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    RequestDigest add(@Nullable String text) {
        return text == null ? addLength(-1) : add(text.getBytes(StandardCharsets.UTF_8));
    }

    RequestDigest add(byte[] bytes) {
        addLength(bytes.length);
        sha256.update(bytes);
        return this;
    }

    RequestDigest add(long number) {
        return add(Long.toString(number));
    }

    RequestDigest add(Map<String, String> entries) {
        addLength(entries.size());
        new TreeMap<>(entries).forEach((key, value) -> add(key).add(value));
        return this;
    }

    private RequestDigest addLength(int length) {
        sha256.update(ByteBuffer.allocate(4).putInt(length).flip());
        return this;
    }

    /** Ends the sequence. */
    ByteBuffer hash() {
        return ByteBuffer.wrap(sha256.digest());
    }
}
