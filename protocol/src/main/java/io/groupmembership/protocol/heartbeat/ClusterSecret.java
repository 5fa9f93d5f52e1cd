package io.groupmembership.protocol.heartbeat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * One secret of a cluster, from which every member's key is derived:
 *
 * <pre>
 * HMAC-SHA256(secret, "groupmembership heartbeat 2\n" clusterId "\n" namespace "\n" group "\n" memberId "\n" incarnation)
 * </pre>
 *
 * with the cluster's id in its 36 characters and the incarnation in decimal. A line break is in no name, so no two
 * members share a text. No method shows the secret.
 */
public final class ClusterSecret {
    /** A shorter secret would be easier to guess than a key. */
    static final int LEAST_BYTES = 32;

    private static final String PURPOSE = "groupmembership heartbeat 2\n";
    private static final int MOST_KEY_ID = 0xFFFF;

    private final int keyId;
    private final byte[] secret;

    ClusterSecret(int keyId, byte[] secret) {
        this.keyId = keyId;
        this.secret = secret;
    }

    static boolean isKeyId(int id) {
        return id >= 1 && id <= MOST_KEY_ID;
    }

    public int keyId() {
        return keyId;
    }

    /** The key of one member under one incarnation. Thread-safe. */
    public HeartbeatKey memberKey(UUID clusterId, String namespace, String group, String memberId, long incarnation) {
        String text = PURPOSE + clusterId + "\n" + namespace + "\n" + group + "\n" + memberId + "\n" + incarnation;
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[HeartbeatKey.BYTES];
        new HmacSha256().sign(secret, message, message.length, key);
        return new HeartbeatKey(keyId, key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterSecret that && keyId == that.keyId && MessageDigest.isEqual(secret, that.secret);
    }

    @Override
    public int hashCode() {
        return keyId;
    }

    @Override
    public String toString() {
        return "ClusterSecret " + keyId;
    }
}
