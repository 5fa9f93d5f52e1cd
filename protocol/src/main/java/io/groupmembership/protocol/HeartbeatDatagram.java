package io.groupmembership.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The datagram between a monitor and a member's agent: {@value #BYTES} bytes, big endian.
 *
 * <pre>
 * offset size
 *   0     2   0x474D ("GM")
 *   2     1   version, 1
 *   3     1   type: 1 ping (monitor to member), 2 ack (member to monitor)
 *   4     4   assignment epoch
 *   8     8   member hash: see {@link #memberHash}
 *  16     8   incarnation
 *  24     8   sequence, chosen by the monitor
 *  32     8   the monitor's send time in nanoseconds of its own clock, opaque to the member
 *  40     8   the group's view number as the monitor knows it
 * </pre>
 *
 * <p>An ack repeats every field of its ping but the type, so it is never larger than what it answers. A member
 * answers only a ping that carries its own hash and incarnation.
 */
public record HeartbeatDatagram(
        Type type, int epoch, long memberHash, long incarnation, long sequence, long sentNanos, long view) {
    public static final int BYTES = 48;

    private static final short MAGIC = 0x474D;
    private static final byte VERSION = 1;

    /** What a datagram is. */
    public enum Type {
        PING(1),
        ACK(2);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }
    }

    /** The answer to this ping. */
    public HeartbeatDatagram ack() {
        return new HeartbeatDatagram(Type.ACK, epoch, memberHash, incarnation, sequence, sentNanos, view);
    }

    /** Writes {@value #BYTES} bytes at the buffer's position. */
    public void write(ByteBuffer out) {
        out.putShort(MAGIC)
                .put(VERSION)
                .put(type.code)
                .putInt(epoch)
                .putLong(memberHash)
                .putLong(incarnation);
        out.putLong(sequence).putLong(sentNanos).putLong(view);
    }

    /** Reads what is between the buffer's position and its limit; empty where that is no datagram of ours. */
    public static Optional<HeartbeatDatagram> read(ByteBuffer in) {
        if (in.remaining() != BYTES || in.getShort() != MAGIC || in.get() != VERSION) {
            return Optional.empty();
        }
        Type type = switch (in.get()) {
            case 1 -> Type.PING;
            case 2 -> Type.ACK;
            default -> null;
        };
        if (type == null) {
            return Optional.empty();
        }
        return Optional.of(new HeartbeatDatagram(
                type, in.getInt(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong()));
    }

    /** The first eight bytes of the SHA-256 of {@code namespace/group/memberId}. */
    public static long memberHash(String namespace, String group, String memberId) {
        try {
            byte[] name = (namespace + "/" + group + "/" + memberId).getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
