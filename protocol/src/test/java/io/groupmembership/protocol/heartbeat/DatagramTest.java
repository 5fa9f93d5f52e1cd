package io.groupmembership.protocol.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DatagramTest {
    private static final HeartbeatKey KEY =
            HeartbeatKey.of(7, Base64.getEncoder().encodeToString(new byte[HeartbeatKey.BYTES]));

    private final DatagramSeal seal = new DatagramSeal();

    private Datagram sealed(DatagramType type) {
        Datagram asked = new Datagram();
        Datagram datagram = new Datagram();
        switch (type) {
            case PING -> datagram.bePing(7, 1, 17, 3, 5, 9, 1_000);
            case CONFIRMATION -> datagram.beConfirmation(7, 1, 17, 3, 5, 9, 15_000, 4);
            case PROBE -> datagram.beProbe(7, 1, 17, 3, 5);
            case ACK -> {
                asked.bePing(7, 1, 17, 3, 5, 9, 1_000);
                datagram.beAnswerTo(asked, 2, 4);
            }
            case PROBE_ANSWER -> {
                asked.beProbe(7, 1, 17, 3, 5);
                datagram.beAnswerTo(asked, 2, 4);
            }
        }
        seal.seal(datagram, KEY);
        return datagram;
    }

    private static Datagram received(byte[] bytes) {
        Datagram datagram = new Datagram();
        datagram.toReceive().put(bytes, 0, Math.min(bytes.length, Datagram.BYTES + 1));
        return datagram;
    }

    private static byte[] sent(Datagram datagram) {
        byte[] bytes = new byte[Datagram.BYTES];
        datagram.toSend().get(bytes);
        return bytes;
    }

    private boolean isAccepted(Datagram datagram) {
        return datagram.isWellFormed() && seal.isAuthentic(datagram, KEY);
    }

    @Property(tries = 20_000)
    void randomBytesAreNoDatagram(@ForAll @Size(max = 100) byte[] bytes) {
        assertThat(isAccepted(received(bytes))).isFalse();
    }

    /** Random bytes hardly ever come past the head. */
    @Property(tries = 20_000)
    void randomBytesBehindAGoodHeadAreNotAuthentic(@ForAll DatagramType type, @ForAll @Size(72) byte[] rest) {
        byte[] bytes = sent(sealed(type));
        System.arraycopy(rest, 0, bytes, 8, rest.length);
        assertThat(received(bytes).isWellFormed()).isTrue();
        assertThat(isAccepted(received(bytes))).isFalse();
    }

    @Property
    void oneFlippedBitIsRefused(@ForAll DatagramType type, @ForAll @IntRange(max = 639) int bit) {
        byte[] bytes = sent(sealed(type));
        assertThat(isAccepted(received(bytes))).isTrue();
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThat(isAccepted(received(bytes))).isFalse();
    }

    @Example
    void everyOtherLengthIsRefused() {
        byte[] bytes = sent(sealed(DatagramType.PING));
        for (int length = 0; length < 200; length++) {
            assertThat(isAccepted(received(Arrays.copyOf(bytes, length)))).isEqualTo(length == Datagram.BYTES);
        }
    }

    /** Authentic, and yet none: another version or a sixth type may mean anything. */
    @Example
    void otherVersionsTypesAndReservedBytesAreRefusedThoughSealed() {
        for (int[] change : new int[][] {{0, 0}, {2, 1}, {2, 3}, {3, 0}, {3, 6}, {3, -1}, {6, 1}, {7, 1}}) {
            Datagram datagram = sealed(DatagramType.PING);
            datagram.bytes()[change[0]] = (byte) change[1];
            seal.seal(datagram, KEY);
            assertThat(received(sent(datagram)).isWellFormed()).isFalse();
        }
    }

    @Example
    void keyIdZeroIsNone() {
        Datagram datagram = new Datagram();
        datagram.bePing(0, 1, 17, 3, 5, 9, 1_000);
        assertThat(received(sent(datagram)).isWellFormed()).isFalse();
    }

    @Property
    void whatIsWrittenIsRead(
            @ForAll @IntRange(min = 1, max = 65_535) int keyId,
            @ForAll long hash,
            @ForAll long incarnation,
            @ForAll int epoch,
            @ForAll long sequence,
            @ForAll long view,
            @ForAll int lease,
            @ForAll long sentNanos) {
        Datagram written = new Datagram();
        written.beConfirmation(keyId, hash, incarnation, epoch, sequence, view, lease, sentNanos);
        Datagram read = received(sent(written));
        assertThat(read.isWellFormed()).isTrue();
        assertThat(read.keyId()).isEqualTo(keyId);
        assertThat(read.memberHash()).isEqualTo(hash);
        assertThat(read.incarnation()).isEqualTo(incarnation);
        assertThat(read.epoch()).isEqualTo(epoch);
        assertThat(read.sequence()).isEqualTo(sequence);
        assertThat(read.view()).isEqualTo(view);
        assertThat(read.millis()).isEqualTo(Integer.toUnsignedLong(lease));
        assertThat(read.memberSentNanos()).isEqualTo(sentNanos);
        assertThat(read.answeredSequence()).isZero();
    }

    @Example
    void nothingOfTheDatagramBeforeStaysBehind() {
        Datagram used = sealed(DatagramType.CONFIRMATION);
        used.bePing(7, 1, 17, 3, 5, 9, 1_000);
        seal.seal(used, KEY);
        assertThat(sent(used)).isEqualTo(sent(sealed(DatagramType.PING)));
    }

    @Property
    void aMemberMayReceiveWhatNodesSendAndNothingThatMembersSend(@ForAll DatagramType type) {
        boolean answer = type == DatagramType.ACK || type == DatagramType.PROBE_ANSWER;
        assertThat(sealed(type).type().isForMember()).isEqualTo(!answer);
    }

    @Example
    void nobodyAnswersAnAnswerOrAConfirmation() {
        for (DatagramType type :
                new DatagramType[] {DatagramType.ACK, DatagramType.PROBE_ANSWER, DatagramType.CONFIRMATION}) {
            assertThatThrownBy(() -> new Datagram().beAnswerTo(sealed(type), 1, 2))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Example
    void theKeyOfAnotherMemberIsNoKey() {
        byte[] other = new byte[HeartbeatKey.BYTES];
        other[31] = 1;
        HeartbeatKey key = HeartbeatKey.of(7, Base64.getEncoder().encodeToString(other));
        assertThat(seal.isAuthentic(sealed(DatagramType.PING), key)).isFalse();
    }
}
