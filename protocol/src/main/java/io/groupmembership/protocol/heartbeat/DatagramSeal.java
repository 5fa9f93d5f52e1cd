package io.groupmembership.protocol.heartbeat;

/**
 * Seals datagrams, and tells whether a seal is authentic: HMAC-SHA256 over the first 64 bytes, cut to 16. One object a
 * thread serves any number of members; a key is 32 bytes and nothing beside. About 0.3 µs for either, and no garbage.
 * Not thread-safe.
 */
public final class DatagramSeal {
    private final HmacSha256 hmac = new HmacSha256();
    private final byte[] signature = new byte[HmacSha256.BYTES];

    public void seal(Datagram datagram, HeartbeatKey key) {
        byte[] bytes = datagram.bytes();
        hmac.sign(key.bytes(), bytes, Datagram.SEAL_OFFSET, signature);
        System.arraycopy(signature, 0, bytes, Datagram.SEAL_OFFSET, Datagram.SEAL_BYTES);
    }

    /** Takes the same time wherever a wrong seal differs. */
    public boolean isAuthentic(Datagram datagram, HeartbeatKey key) {
        byte[] bytes = datagram.bytes();
        hmac.sign(key.bytes(), bytes, Datagram.SEAL_OFFSET, signature);
        int difference = 0;
        for (int i = 0; i < Datagram.SEAL_BYTES; i++) {
            difference |= signature[i] ^ bytes[Datagram.SEAL_OFFSET + i];
        }
        return difference == 0;
    }
}
