package io.groupmembership.protocol.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.heartbeat.HeartbeatVectors.Vector;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What another implementation has derived, written and sealed is what this one derives, writes, seals and reads. */
class HeartbeatVectorsTest {
    private final DatagramSeal seal = new DatagramSeal();

    static List<Vector> keys() throws IOException {
        return HeartbeatVectors.read().keys();
    }

    static List<Vector> datagrams() throws IOException {
        return HeartbeatVectors.read().datagrams();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void theKeyOfAMember(Vector vector) {
        ClusterSecrets secrets = ClusterSecrets.parse(vector.text("keyId") + " " + vector.text("secretBase64"));
        String namespace = vector.text("namespace");
        String group = vector.text("group");
        String memberId = vector.text("memberId");

        HeartbeatKey key = secrets.inUse()
                .memberKey(
                        UUID.fromString(vector.text("clusterId")),
                        namespace,
                        group,
                        memberId,
                        vector.number("incarnation"));

        assertThat(key.id()).isEqualTo(vector.small("keyId"));
        assertThat(key.base64()).isEqualTo(vector.text("keyBase64"));
        assertThat(MemberHash.of(namespace, group, memberId)).isEqualTo(hash(vector));
    }

    @ParameterizedTest
    @MethodSource("datagrams")
    void aDatagramThatIsWritten(Vector vector) {
        Datagram datagram = new Datagram();
        write(vector, datagram);
        seal.seal(datagram, key(vector));
        assertThat(HexFormat.of().formatHex(datagram.bytes(), 0, Datagram.BYTES))
                .isEqualTo(vector.text("hex"));
    }

    private static void write(Vector vector, Datagram datagram) {
        int keyId = vector.small("keyId");
        long incarnation = vector.number("incarnation");
        int epoch = vector.small("epoch");
        long sequence = vector.number("sequence");
        long view = vector.number("view");
        long sent = vector.number("memberSentNanos");
        long answered = vector.number("answeredSequence");
        Datagram asked = new Datagram();
        switch (vector.text("type")) {
            case "ping" ->
                datagram.bePing(keyId, hash(vector), incarnation, epoch, sequence, view, vector.small("millis"));
            case "confirmation" ->
                datagram.beConfirmation(
                        keyId, hash(vector), incarnation, epoch, sequence, view, vector.small("millis"), sent);
            case "probe" -> datagram.beProbe(keyId, hash(vector), incarnation, epoch, sequence);
            case "ack" -> {
                asked.bePing(keyId, hash(vector), incarnation, epoch, answered, 9, 1_000);
                datagram.beAnswerTo(asked, sequence, sent);
            }
            case "probe-answer" -> {
                asked.beProbe(keyId, hash(vector), incarnation, epoch, answered);
                datagram.beAnswerTo(asked, sequence, sent);
            }
            default -> throw new AssertionError(vector.text("type"));
        }
    }

    @ParameterizedTest
    @MethodSource("datagrams")
    void aDatagramThatIsRead(Vector vector) {
        Datagram datagram = new Datagram();
        byte[] bytes = HexFormat.of().parseHex(vector.text("hex"));
        datagram.toReceive().put(bytes);

        assertThat(datagram.isWellFormed()).isTrue();
        assertThat(seal.isAuthentic(datagram, key(vector))).isTrue();
        assertThat(datagram.type().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                .isEqualTo(vector.text("type"));
        assertThat(datagram.keyId()).isEqualTo(vector.small("keyId"));
        assertThat(datagram.memberHash()).isEqualTo(hash(vector));
        assertThat(datagram.incarnation()).isEqualTo(vector.number("incarnation"));
        assertThat(datagram.epoch()).isEqualTo(vector.small("epoch"));
        assertThat(datagram.millis()).isEqualTo(vector.number("millis"));
        assertThat(datagram.sequence()).isEqualTo(vector.number("sequence"));
        assertThat(datagram.memberSentNanos()).isEqualTo(vector.number("memberSentNanos"));
        assertThat(datagram.view()).isEqualTo(vector.number("view"));
        assertThat(datagram.answeredSequence()).isEqualTo(vector.number("answeredSequence"));
        byte[] sent = new byte[Datagram.BYTES];
        datagram.toSend().get(sent);
        assertThat(Arrays.equals(sent, bytes)).isTrue();
    }

    private static HeartbeatKey key(Vector vector) {
        return HeartbeatKey.of(vector.small("keyId"), vector.text("keyBase64"));
    }

    private static long hash(Vector vector) {
        return Long.parseUnsignedLong(vector.text("memberHash"), 16);
    }
}
