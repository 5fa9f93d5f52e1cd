package io.groupmembership.protocol.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Base64;

/** Whatever arrives at the port: only what was sealed under the key is taken, and it says what was written. */
class DatagramFuzzTest {
    private static final HeartbeatKey KEY = key(0);
    private static final HeartbeatKey OTHER_KEY = key(1);

    private final DatagramSeal seal = new DatagramSeal();

    private static HeartbeatKey key(int last) {
        byte[] bytes = new byte[HeartbeatKey.BYTES];
        bytes[HeartbeatKey.BYTES - 1] = (byte) last;
        return HeartbeatKey.of(7, Base64.getEncoder().encodeToString(bytes));
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

    /** Bytes of a stranger: well formed exactly where the page of the format says so, and never authentic. */
    @FuzzTest
    void bytesOfAStrangerAreNeverAuthentic(byte[] bytes) {
        Datagram datagram = received(bytes);
        boolean expected = bytes.length == 80
                && bytes[0] == 'G'
                && bytes[1] == 'M'
                && bytes[2] == 2
                && bytes[3] >= 1
                && bytes[3] <= 5
                && (bytes[4] != 0 || bytes[5] != 0)
                && bytes[6] == 0
                && bytes[7] == 0;
        assertThat(datagram.isWellFormed()).isEqualTo(expected);
        if (!expected) {
            return;
        }
        assertThat(seal.isAuthentic(datagram, OTHER_KEY)).isFalse();
        // reading and checking change nothing
        assertThat(sent(datagram)).isEqualTo(bytes);
        byte[] sealed = bytes.clone();
        Datagram again = received(sealed);
        seal.seal(again, KEY);
        assertThat(Arrays.copyOf(sent(again), Datagram.SEAL_OFFSET))
                .isEqualTo(Arrays.copyOf(bytes, Datagram.SEAL_OFFSET));
        assertThat(seal.isAuthentic(again, KEY)).isTrue();
        assertThat(seal.isAuthentic(again, OTHER_KEY)).isFalse();
    }

    /** An answer to whatever a node may ask is taken under its key only, and any change of it by nobody. */
    @FuzzTest
    void anAnswerSaysWhatWasAskedAndBearsNoChange(FuzzedDataProvider data) {
        int keyId = data.consumeInt(1, 65_535);
        long hash = data.consumeLong();
        long incarnation = data.consumeLong();
        int epoch = data.consumeInt();
        long sequence = data.consumeLong();
        long own = data.consumeLong();
        long sentNanos = data.consumeLong();
        Datagram asked = new Datagram();
        if (data.consumeBoolean()) {
            asked.bePing(keyId, hash, incarnation, epoch, sequence, data.consumeLong(), data.consumeInt());
        } else {
            asked.beProbe(keyId, hash, incarnation, epoch, sequence);
        }
        Datagram answer = new Datagram();
        answer.toReceive().put(data.consumeBytes(Datagram.BYTES)); // what the array was used for before
        answer.beAnswerTo(asked, own, sentNanos);
        seal.seal(answer, KEY);

        byte[] bytes = sent(answer);
        Datagram read = received(bytes);
        assertThat(read.isWellFormed()).isTrue();
        assertThat(seal.isAuthentic(read, KEY)).isTrue();
        assertThat(seal.isAuthentic(read, OTHER_KEY)).isFalse();
        assertThat(read.type())
                .isEqualTo(asked.type() == DatagramType.PING ? DatagramType.ACK : DatagramType.PROBE_ANSWER);
        assertThat(new long[] {
                    read.keyId(),
                    read.memberHash(),
                    read.incarnation(),
                    read.epoch(),
                    read.millis(),
                    read.sequence(),
                    read.memberSentNanos(),
                    read.view(),
                    read.answeredSequence()
                })
                .containsExactly(keyId, hash, incarnation, epoch, 0, own, sentNanos, 0, sequence);

        int at = data.consumeInt(0, Datagram.BYTES - 1);
        byte change = data.consumeByte();
        bytes[at] ^= change;
        Datagram changed = received(bytes);
        assertThat(changed.isWellFormed() && seal.isAuthentic(changed, KEY)).isEqualTo(change == 0);
    }
}
