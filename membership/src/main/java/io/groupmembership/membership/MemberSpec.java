package io.groupmembership.membership;

import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.Limits;
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

    private final byte[] packed;
    private final int idHash;

    private MemberSpec(byte[] packed) {
        this.packed = packed;
        this.idHash = hash(idBytes());
    }

    /** Packs what was said. Checks nothing but that it fits: names and limits are checked where requests come in. */
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
        out.putString(memberId).putString(address);
        out.putString(heartbeatAddress.equals(address) ? "" : heartbeatAddress);
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
                in.getBytes(TEXT_BYTES);
            }
            for (int left = in.getSize(Limits.METADATA_BYTES); left > 0; left--) {
                in.getBytes(MAX_BYTES);
                in.getBytes(MAX_BYTES);
            }
            if (!in.atEnd()) {
                throw new CorruptDataException("bytes behind a member");
            }
        } catch (CorruptDataException e) {
            throw new CorruptDataException("damaged member: " + e.getMessage(), e);
        }
        return new MemberSpec(packed);
    }

    byte[] packed() {
        return packed;
    }

    int idHash() {
        return idHash;
    }

    public String memberId() {
        return memberIdReader().getString(TEXT_BYTES);
    }

    public String address() {
        WireReader in = memberIdReader();
        in.getBytes(TEXT_BYTES);
        return in.getString(TEXT_BYTES);
    }

    public HeartbeatMode mode() {
        return HeartbeatMode.values()[packed[0]];
    }

    /** Where heartbeats go: the address where nothing else was said. */
    public String heartbeatAddress() {
        WireReader in = memberIdReader();
        in.getBytes(TEXT_BYTES);
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
            in.getBytes(TEXT_BYTES);
        }
        Map<String, String> metadata = new TreeMap<>();
        for (int left = in.getSize(Limits.METADATA_BYTES); left > 0; left--) {
            metadata.put(in.getString(MAX_BYTES), in.getString(MAX_BYTES));
        }
        return metadata;
    }

    /** Says whether the memberId is this, in UTF-8. */
    boolean hasId(byte[] memberId) {
        return Arrays.equals(idBytes(), memberId);
    }

    byte[] idBytes() {
        return memberIdReader().getBytes(TEXT_BYTES);
    }

    static byte[] idBytes(String memberId) {
        return memberId.getBytes(StandardCharsets.UTF_8);
    }

    static int hash(byte[] memberId) {
        int hash = Arrays.hashCode(memberId) * 0x9E3779B9;
        return hash ^ (hash >>> 16);
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
