package io.groupmembership.protocol.heartbeat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The secrets of a cluster: the last one is in use for what is sent from now on, and all of them are accepted. So a
 * secret is changed without a gap: append the new one everywhere, later drop the old one everywhere.
 *
 * <p>As text: a line each, {@code keyId base64}, with a keyId of 1 to 65535 that no other line has and at least 32 bytes
 * of secret. Blank lines, and what begins with {@code #}, say nothing.
 */
public final class ClusterSecrets {
    private final List<ClusterSecret> secrets;

    private ClusterSecrets(List<ClusterSecret> secrets) {
        this.secrets = secrets;
    }

    /** @throws IllegalArgumentException with the number of the line and what is wrong with it, and nothing of its text */
    public static ClusterSecrets parse(String text) {
        List<ClusterSecret> secrets = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String content = line.strip();
            if (!content.isEmpty() && !content.startsWith("#")) {
                ClusterSecret secret = secret(content, number);
                if (secrets.stream().anyMatch(other -> other.keyId() == secret.keyId())) {
                    throw wrong(number, "its key id is that of a line before");
                }
                secrets.add(secret);
            }
        }
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("cluster secrets: there is none");
        }
        return new ClusterSecrets(List.copyOf(secrets));
    }

    private static ClusterSecret secret(String content, int number) {
        String[] words = content.split("[ \t]+", -1);
        if (words.length != 2) {
            throw wrong(number, "must be a key id and a secret, with a space between");
        }
        return new ClusterSecret(keyId(words[0], number), bytes(words[1], number));
    }

    private static int keyId(String word, int number) {
        boolean digits = !word.isEmpty() && word.length() <= 5 && word.chars().allMatch(c -> c >= '0' && c <= '9');
        int id = digits ? Integer.parseInt(word) : 0;
        if (!ClusterSecret.isKeyId(id)) {
            throw wrong(number, "the key id must be 1 to 65535");
        }
        return id;
    }

    private static byte[] bytes(String word, int number) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(word);
        } catch (IllegalArgumentException _) {
            // its message has a character of the secret in it
            secret = new byte[0];
        }
        if (secret.length < ClusterSecret.LEAST_BYTES) {
            throw wrong(number, "the secret must be at least " + ClusterSecret.LEAST_BYTES + " bytes in Base64");
        }
        return secret;
    }

    private static IllegalArgumentException wrong(int number, String what) {
        return new IllegalArgumentException("cluster secrets, line " + number + ": " + what);
    }

    /** The one for what is sent from now on. */
    public ClusterSecret inUse() {
        return secrets.getLast();
    }

    /** The same secrets, where the one with this key id is in use; it must be one of them. */
    public ClusterSecrets using(int keyId) {
        ClusterSecret chosen = find(keyId).orElseThrow();
        List<ClusterSecret> ordered = new ArrayList<>(secrets);
        ordered.remove(chosen);
        ordered.add(chosen);
        return new ClusterSecrets(List.copyOf(ordered));
    }

    /** All of them, the one in use first. */
    public List<ClusterSecret> inUseFirst() {
        return secrets.reversed();
    }

    /** The one that a datagram names. */
    public Optional<ClusterSecret> find(int keyId) {
        for (ClusterSecret secret : secrets) {
            if (secret.keyId() == keyId) {
                return Optional.of(secret);
            }
        }
        return Optional.empty();
    }

    /** Whether these are the same secrets in the same order. */
    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof ClusterSecrets others && secrets.equals(others.secrets));
    }

    @Override
    public int hashCode() {
        return secrets.hashCode();
    }

    @Override
    public String toString() {
        return secrets.toString();
    }
}
