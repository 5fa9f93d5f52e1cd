package io.groupmembership.sidecar.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.HeartbeatDatagram;
import io.groupmembership.protocol.HostPort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeartbeatResponderTest {
    private static final long HASH = HeartbeatDatagram.memberHash("default", "payments", "a");
    private HeartbeatResponder responder;
    private DatagramSocket monitor;

    @BeforeEach
    void open() throws IOException {
        responder = new HeartbeatResponder(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), HASH);
        monitor = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        monitor.setSoTimeout(10_000);
    }

    @AfterEach
    void close() throws IOException {
        responder.close();
        monitor.close();
    }

    private static HeartbeatDatagram ping(long hash, long incarnation, long sequence) {
        return new HeartbeatDatagram(HeartbeatDatagram.Type.PING, 3, hash, incarnation, sequence, 123_456, 9);
    }

    private void send(HeartbeatDatagram datagram) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HeartbeatDatagram.BYTES);
        datagram.write(bytes);
        send(bytes.array());
    }

    private void send(byte[] bytes) throws IOException {
        monitor.send(new DatagramPacket(bytes, bytes.length, responder.address()));
    }

    private HeartbeatDatagram receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        monitor.receive(packet);
        return HeartbeatDatagram.read(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()))
                .orElseThrow();
    }

    @Test
    void aPingForThisIncarnationIsAcknowledgedFieldByField() throws IOException {
        responder.answerFor(17);
        send(ping(HASH, 17, 1));
        assertThat(receive()).isEqualTo(new HeartbeatDatagram(HeartbeatDatagram.Type.ACK, 3, HASH, 17, 1, 123_456, 9));
        await().until(() -> responder.answered() == 1);
    }

    @Test
    void pingsForOthersAreCountedAndNotAnswered() throws IOException {
        responder.answerFor(17);
        send(ping(HASH, 16, 1));
        send(ping(HASH, 18, 2));
        send(ping(HASH + 1, 17, 3));
        send(ping(HASH, 17, 4).ack());
        send(ping(HASH, 17, 5));

        assertThat(receive().sequence()).isEqualTo(5);
        assertThat(responder.strange()).isEqualTo(4);
        await().until(() -> responder.answered() == 1);
    }

    @Test
    void malformedDatagramsAreCountedAndNotAnswered() throws IOException {
        responder.answerFor(17);
        byte[] good = new byte[HeartbeatDatagram.BYTES];
        ping(HASH, 17, 1).write(ByteBuffer.wrap(good));
        byte[] otherVersion = good.clone();
        otherVersion[2] = 9;
        for (byte[] bad : List.of(
                new byte[0],
                new byte[1],
                Arrays.copyOf(good, 47),
                Arrays.copyOf(good, 49),
                Arrays.copyOf(good, 9_000),
                otherVersion)) {
            send(bad);
        }
        send(ping(HASH, 17, 2));

        assertThat(receive().sequence()).isEqualTo(2);
        assertThat(responder.malformed()).isEqualTo(6);
    }

    @Test
    void whoIsNoMemberAnswersNothing() throws IOException {
        send(ping(HASH, 0, 1));
        send(ping(HASH, 17, 1));
        await().until(() -> responder.strange() == 2);
        responder.answerFor(17);
        send(ping(HASH, 17, 2));
        assertThat(receive().sequence()).isEqualTo(2);
        responder.answerFor(0);
        send(ping(HASH, 17, 3));
        await().until(() -> responder.strange() == 3);
        await().until(() -> responder.answered() == 1);
    }

    @Test
    void theSocketIsBoundWhereTheOptionsWantIt() throws IOException {
        List<HostPort> nodes = List.of(new HostPort("no-such-host.invalid", 1), new HostPort("127.0.0.1", 7701));

        HeartbeatPlace toward = HeartbeatPlace.choose(Optional.empty(), Optional.empty(), nodes);
        assertThat(toward.advertised(4711)).isEqualTo("127.0.0.1:4711");
        assertThat(toward.bind().getPort()).isZero();

        HeartbeatPlace beside =
                HeartbeatPlace.choose(Optional.empty(), Optional.of(HostPort.parse("[::1]:7000")), nodes);
        assertThat(beside.advertised(4711)).isEqualTo("[::1]:4711");

        HeartbeatPlace translated =
                HeartbeatPlace.choose(Optional.of(HostPort.parse("192.0.2.1:7118")), Optional.empty(), nodes);
        assertThat(translated.advertised(7118)).isEqualTo("192.0.2.1:7118");
        assertThat(translated.bind().getAddress().isAnyLocalAddress()).isTrue();
        assertThat(translated.bind().getPort()).isEqualTo(7118);
    }
}
