package io.groupmembership.membership;

import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.Limits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a joiner says of itself, packed into one byte array: it stays so from the request through the log into the state
 * and the snapshot, because a cluster may hold a million of them. About 75 bytes for a member with an agent.
 *
 * <pre>
 * mode (1 byte), hasInstance (1 byte), instance (16 bytes where it has one),
 * memberId, address, heartbeatAddress (empty where it is the address), metadata: count, then key and value each
 * </pre>
 *
 * Two specs are equal when their bytes are; metadata is packed in the order of its keys.
 */
public final class MemberSpec {
    /** More than any spec that passes the limits of the API. */
    static final int MAX_BYTES = 16 * 1024;

    private static final int TEXT_BYTES = 4 * Limits.ADDRESS_CHARACTERS;
    private static final int HEAD_BYTES = 2;
    private static final int INSTANCE_BYTES = 16;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] packed;
    private final int idHash;

    private MemberSpec(byte[] packed) {
        this.packed = packed;
        int start = idStart();
        this.idHash = hash(packed, start, start + idLength());
    }

    /**
     * Packs what was said. Checks nothing but that it fits: names and limits are checked where requests come in.
     *
     * @throws IllegalArgumentException where it is larger than any that passes those limits
     */
    public static MemberSpec of(
            String memberId,
            String address,
            HeartbeatMode mode,
            String heartbeatAddress,
            Optional<UUID> instance,
            Map<String, String> metadata) {
        WireWriter out = new WireWriter(96);
        out.putByte(mode.ordinal()).putBoolean(instance.isPresent());
        instance.ifPresent(id -> out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()));
        out.putString(memberId, TEXT_BYTES).putString(address, TEXT_BYTES);
        out.putString(heartbeatAddress.equals(address) ? "" : heartbeatAddress, TEXT_BYTES);
        out.putSize(metadata.size());
        new TreeMap<>(metadata).forEach((key, value) -> out.putString(key).putString(value));
        byte[] packed = out.toByteArray();
        if (packed.length > MAX_BYTES) {
            throw new IllegalArgumentException("a member of " + packed.length + " bytes is too large");
        }
        return new MemberSpec(packed);
    }

    /** Takes packed bytes, after reading them through once. */
    static MemberSpec ofPacked(byte[] packed) {
        try {
            WireReader in = new WireReader(packed);
            if (in.getByte() >= HeartbeatMode.values().length) {
                throw new CorruptDataException("no such heartbeat mode");
            }
            if (in.getBoolean()) {
                in.getLong();
                in.getLong();
            }
            for (int i = 0; i < 3; i++) {
                in.skipBytes(TEXT_BYTES);
            }
            for (int left = in.getSize(Limits.METADATA_BYTES); left > 0; left--) {
                in.skipBytes(MAX_BYTES);
                in.skipBytes(MAX_BYTES);
            }
            if (!in.atEnd()) {
                throw new CorruptDataException("bytes behind a member");
            }
        } catch (CorruptDataException e) {
            throw new CorruptDataException("damaged member: " + e.getMessage(), e);
        }
        return new MemberSpec(packed);
    }

    /** How many bytes this takes in a log entry. */
    public int packedBytes() {
        return packed.length;
    }

    byte[] packed() {
        return packed;
    }

    int idHash() {
        return idHash;
    }

    public String memberId() {
        return new String(packed, idStart(), idLength(), StandardCharsets.UTF_8);
    }

    public String address() {
        WireReader in = memberIdReader();
        in.skipBytes(TEXT_BYTES);
        return in.getString(TEXT_BYTES);
    }

    public HeartbeatMode mode() {
        return HeartbeatMode.values()[packed[0]];
    }

    /** Where heartbeats go: the address where nothing else was said. */
    public String heartbeatAddress() {
        WireReader in = memberIdReader();
        in.skipBytes(TEXT_BYTES);
        String address = in.getString(TEXT_BYTES);
        String heartbeatAddress = in.getString(TEXT_BYTES);
        return heartbeatAddress.isEmpty() ? address : heartbeatAddress;
    }

    /** The id that the member's agent drew when its process started; empty without an agent. */
    public Optional<UUID> instance() {
        WireReader in = new WireReader(packed);
        in.getByte();
        return in.getBoolean() ? Optional.of(new UUID(in.getLong(), in.getLong())) : Optional.empty();
    }

    public boolean hasAgent() {
        return packed[1] == 1;
    }

    public Map<String, String> metadata() {
        WireReader in = memberIdReader();
        for (int i = 0; i < 3; i++) {
            in.skipBytes(TEXT_BYTES);
        }
        Map<String, String> metadata = new TreeMap<>();
        for (int left = in.getSize(Limits.METADATA_BYTES); left > 0; left--) {
            metadata.put(in.getString(MAX_BYTES), in.getString(MAX_BYTES));
        }
        return metadata;
    }

    /** Says whether the memberId is this, in UTF-8. */
    boolean hasId(byte[] memberId) {
        int start = idStart();
        return Arrays.equals(packed, start, start + idLength(), memberId, 0, memberId.length);
    }

    /** Says whether the other has the same memberId. */
    boolean hasIdOf(MemberSpec other) {
        int start = idStart();
        int otherStart = other.idStart();
        return Arrays.equals(
                packed, start, start + idLength(), other.packed, otherStart, otherStart + other.idLength());
    }

    static byte[] idBytes(String memberId) {
        return memberId.getBytes(StandardCharsets.UTF_8);
    }

    static int hash(byte[] memberId) {
        return hash(memberId, 0, memberId.length);
    }

    /**
     * Eight bytes at a time, each mixed into all bits: members choose their ids, and ids that collide in String's hash
     * are easy to make. Monitors are chosen by it: it must be the same on every node, in every release.
     */
    private static int hash(byte[] bytes, int start, int end) {
        long hash = (long) end - start;
        int at = start;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            hash = MonitorAssignment.mix(hash ^ (long) LONG.get(bytes, at));
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = rest << 8 | (bytes[at] & 0xFF);
        }
        return (int) (MonitorAssignment.mix(hash ^ rest) >>> 32);
    }

    /** Where the memberId begins, behind its size. */
    private int idStart() {
        int size = sizeStart();
        return packed[size] < 0 ? size + 2 : size + 1;
    }

    /** At most {@value #TEXT_BYTES}, so one or two bytes tell. */
    private int idLength() {
        int size = sizeStart();
        int low = packed[size];
        return low < 0 ? (low & 0x7F) | packed[size + 1] << 7 : low;
    }

    private int sizeStart() {
        return hasAgent() ? HEAD_BYTES + INSTANCE_BYTES : HEAD_BYTES;
    }

    private WireReader memberIdReader() {
        WireReader in = new WireReader(packed);
        in.getByte();
        if (in.getBoolean()) {
            in.getLong();
            in.getLong();
        }
        return in;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MemberSpec spec && Arrays.equals(packed, spec.packed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(packed);
    }

    @Override
    public String toString() {
        return memberId() + "@" + address();
    }
}
