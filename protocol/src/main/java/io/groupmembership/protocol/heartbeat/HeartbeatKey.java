package io.groupmembership.protocol.heartbeat;

import java.util.Base64;

/**
 * The key of one member under one incarnation: it seals every datagram between that member and the nodes. The id says
 * which of the cluster's secrets it comes from. No method but {@link #base64} shows it.
 */
public final class HeartbeatKey {
    public static final int BYTES = 32;

    private final int id;
    private final byte[] key;

    HeartbeatKey(int id, byte[] key) {
        this.id = id;
        this.key = key;
    }

    /**
     * The key as the answer to a join has it.
     *
     * @throws IllegalArgumentException where the id is none, or the text is not {@value #BYTES} bytes in Base64
     */
    public static HeartbeatKey of(int id, String base64) {
        if (!ClusterSecret.isKeyId(id)) {
            throw new IllegalArgumentException("keyId must be 1 to 65535");
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            // its message has a character of the key in it
            throw new IllegalArgumentException("key must be Base64");
        }
        if (key.length != BYTES) {
            throw new IllegalArgumentException("key must have " + BYTES + " bytes");
        }
        return new HeartbeatKey(id, key);
    }

    public int id() {
        return id;
    }

    byte[] bytes() {
        return key;
    }

    /** For the answer to a join. */
    public String base64() {
        return Base64.getEncoder().encodeToString(key);
    }

    @Override
    public String toString() {
        return "HeartbeatKey " + id;
    }
}
