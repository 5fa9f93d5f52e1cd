package io.groupmembership.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class HeartbeatDatagramTest {
    private static byte[] bytes(HeartbeatDatagram datagram) {
        ByteBuffer out = ByteBuffer.allocate(HeartbeatDatagram.BYTES);
        datagram.write(out);
        assertThat(out.hasRemaining()).isFalse();
        return out.array();
    }

    @Property
    void whatIsWrittenIsRead(
            @ForAll HeartbeatDatagram.Type type,
            @ForAll int epoch,
            @ForAll long hash,
            @ForAll long incarnation,
            @ForAll long sequence,
            @ForAll long sentNanos,
            @ForAll long view) {
        HeartbeatDatagram datagram = new HeartbeatDatagram(type, epoch, hash, incarnation, sequence, sentNanos, view);
        assertThat(HeartbeatDatagram.read(ByteBuffer.wrap(bytes(datagram)))).contains(datagram);
    }

    @Property(tries = 2_000)
    void anyBytesAreADatagramOrNothing(@ForAll @Size(max = 100) byte[] bytes) {
        Optional<HeartbeatDatagram> read = HeartbeatDatagram.read(ByteBuffer.wrap(bytes));
        read.ifPresent(datagram -> assertThat(bytes(datagram)).isEqualTo(bytes));
    }

    @Property
    void damageInTheHeadIsSeen(@ForAll @IntRange(max = 23) int bit) {
        byte[] bytes = bytes(new HeartbeatDatagram(HeartbeatDatagram.Type.PING, 1, 2, 3, 4, 5, 6));
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThat(HeartbeatDatagram.read(ByteBuffer.wrap(bytes))).isEmpty();
    }

    @Example
    void shorterAndLongerOnesAreNone() {
        byte[] bytes = bytes(new HeartbeatDatagram(HeartbeatDatagram.Type.PING, 1, 2, 3, 4, 5, 6));
        for (int length = 0; length < 100; length++) {
            boolean good = length == HeartbeatDatagram.BYTES;
            assertThat(HeartbeatDatagram.read(ByteBuffer.wrap(java.util.Arrays.copyOf(bytes, length)))
                            .isPresent())
                    .isEqualTo(good);
        }
    }

    @Example
    void anAckRepeatsItsPing() {
        HeartbeatDatagram ping = new HeartbeatDatagram(HeartbeatDatagram.Type.PING, 1, 2, 3, 4, 5, 6);
        assertThat(ping.ack()).isEqualTo(new HeartbeatDatagram(HeartbeatDatagram.Type.ACK, 1, 2, 3, 4, 5, 6));
        assertThat(bytes(ping.ack())).hasSameSizeAs(bytes(ping));
    }

    @Example
    void theBytesOfVersionOne() {
        HeartbeatDatagram ping =
                new HeartbeatDatagram(HeartbeatDatagram.Type.PING, 0x01020304, 0x1112131415161718L, 17, 9, -1, 3);
        assertThat(HexFormat.of().formatHex(bytes(ping)))
                .isEqualTo("474d010101020304" + "1112131415161718" + "0000000000000011" + "0000000000000009"
                        + "ffffffffffffffff" + "0000000000000003");
    }

    @Example
    void theHashOfAMemberIsTheHeadOfASha256() {
        assertThat(Long.toHexString(HeartbeatDatagram.memberHash("default", "payments", "a")))
                .isEqualTo("fd22ce116f466eec");
    }
}
