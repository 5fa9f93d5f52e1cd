package io.groupmembership.protocol.heartbeat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Which member a datagram is for: the first eight bytes of the SHA-256 of {@code namespace/group/memberId}. */
public final class MemberHash {
    private MemberHash() {}

    public static long of(String namespace, String group, String memberId) {
        byte[] name = (namespace + "/" + group + "/" + memberId).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.wrap(HmacSha256.sha256().digest(name)).getLong();
    }
}
