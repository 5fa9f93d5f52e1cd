package io.groupmembership.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.cli.CannedServer;
import io.groupmembership.cli.show.Json;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.api.BatchJoinResponse;
import io.groupmembership.protocol.api.JoinResponse;
import io.groupmembership.protocol.api.Problem;
import io.groupmembership.protocol.clock.BootClock;
import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class HeartbeatResponderTest {
    private static final ClusterSecrets SECRETS = ClusterSecrets.parse("7 " + "A".repeat(43) + "=");
    private static final UUID CLUSTER = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final long FIRST = (1L << 40) + 1;
    private static final long HASH = 5;
    private static final int EPOCH = 3;

    private final DatagramSeal seal = new DatagramSeal();
    private final Datagram datagram = new Datagram();

    @Test
    @Timeout(30)
    void pingsAndProbesAreAnsweredUnderTheMembersOwnKeysAndNothingElseIs() throws IOException {
        try (HeartbeatResponder responder = new HeartbeatResponder();
                DatagramChannel node = DatagramChannel.open()) {
            // Given
            responder.keys().learn(batch(2), batch(2).length);
            node.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            node.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(),
                    HostPort.parse(responder.address()).port()));
            long before = BootClock.system().nanos();

            // When: what no member answers comes first, so that the first answer is to the ping
            datagram.beConfirmation(7, HASH, FIRST, EPOCH, 10, 1, 15_000, 0);
            send(node, key(FIRST));
            datagram.bePing(7, HASH, FIRST, EPOCH, 11, 1, 1_000);
            send(node, key(FIRST + 1));
            datagram.bePing(8, HASH, FIRST, EPOCH, 12, 1, 1_000);
            send(node, key(FIRST));
            datagram.bePing(7, HASH, FIRST + 2, EPOCH, 13, 1, 1_000);
            send(node, key(FIRST + 2));
            datagram.bePing(7, HASH, FIRST, EPOCH, 14, 1, 1_000);
            send(node, key(FIRST));
            datagram.beProbe(7, HASH, FIRST + 1, EPOCH, 15);
            send(node, key(FIRST + 1));

            // Then
            receive(node, DatagramType.ACK, FIRST, 14);
            long firstNumber = datagram.sequence();
            long sentNanos = datagram.memberSentNanos();
            assertThat(sentNanos).isBetween(before, BootClock.system().nanos());
            receive(node, DatagramType.PROBE_ANSWER, FIRST + 1, 15);
            assertThat(datagram.sequence()).isEqualTo(firstNumber + 1);
        }
    }

    @Test
    void keysAreFoundInTheAnswersToBatchesAndToSingleJoins() {
        MemberKeys keys = new MemberKeys();
        byte[] batch = batch(1_000);
        keys.learn(batch, batch.length);
        assertThat(keys.size()).isEqualTo(1_000);
        byte[] single = Json.write(join(FIRST + 5_000));
        keys.learn(single, single.length);
        assertThat(keys.size()).isEqualTo(1_001);
        for (long incarnation : List.of(FIRST, FIRST + 999, FIRST + 5_000)) {
            HeartbeatKey key = keys.find(incarnation);
            assertThat(key == null ? "" : key.base64())
                    .isEqualTo(key(incarnation).base64());
        }
    }

    @Test
    void whatIsNoKeyIsPassedOver() {
        MemberKeys keys = new MemberKeys();
        for (String body : List.of(
                "",
                "{\"incarnation\":",
                "{\"incarnation\":7,\"heartbeat\":{\"mode\":\"tcp\"}}",
                "{\"incarnation\":7,\"heartbeat\":{\"mode\":\"tcp\",\"keyId\":null,\"key\":null}}",
                "{\"incarnation\":7,\"heartbeat\":{\"keyId\":1,\"key\":\"short\"}}",
                "{\"incarnation\":7,\"heartbeat\":{\"keyId\":1,\"key\":\"cut",
                "{\"keyId\":1,\"key\":\"" + "A".repeat(43) + "=\"}")) {
            byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            keys.learn(bytes, bytes.length);
        }
        assertThat(keys.size()).isZero();
    }

    @Test
    void aGroupIsEmptiedByTheWordThatItsMembersHaveEnded() {
        String view = """
                {"namespace":"default","group":"bench-x","view":3,"leader":"a","members":[
                 {"memberId":"a","address":"h:1","incarnation":17,"monitor":"node-1","fenced":true,"metadata":{}}]}""";
        try (CannedServer server = CannedServer.json(200, view)) {
            new BenchGroup("bench-x", "127.0.0.1:5", List.of())
                    .empty(new io.groupmembership.cli.http.ApiClient(
                            List.of(URI.create(server.url())), java.time.Duration.ofSeconds(10)));
            assertThat(server.seen()).extracting(CannedServer.Seen::method).containsExactly("GET", "POST");
            assertThat(server.seen().get(1).uri()).isEqualTo("/v1/namespaces/default/groups/bench-x/evidence");
            assertThat(server.seen().get(1).body())
                    .isEqualTo("{\"by\":\"gm-bench\",\"members\":[{\"memberId\":\"a\",\"incarnation\":17,"
                            + "\"failed\":false,\"detail\":\"the load was over\"}]}");
        }
    }

    private void send(DatagramChannel node, HeartbeatKey key) throws IOException {
        seal.seal(datagram, key);
        node.write(datagram.toSend());
    }

    private void receive(DatagramChannel node, DatagramType type, long incarnation, long answered) throws IOException {
        node.receive(datagram.toReceive());
        assertThat(datagram.isWellFormed()).isTrue();
        assertThat(seal.isAuthentic(datagram, key(incarnation))).isTrue();
        assertThat(datagram.type()).isEqualTo(type);
        assertThat(datagram.memberHash()).isEqualTo(HASH);
        assertThat(datagram.incarnation()).isEqualTo(incarnation);
        assertThat(datagram.epoch()).isEqualTo(EPOCH);
        assertThat(datagram.answeredSequence()).isEqualTo(answered);
    }

    private static HeartbeatKey key(long incarnation) {
        return SECRETS.inUse().memberKey(CLUSTER, "default", "bench-x", "m", incarnation);
    }

    private static JoinResponse join(long incarnation) {
        HeartbeatKey key = key(incarnation);
        return new JoinResponse(
                "default",
                "bench-x",
                "m",
                incarnation,
                1,
                "node-1",
                new JoinResponse.Lease(60_000, 10),
                new JoinResponse.Heartbeat("udp", key.id(), key.base64()));
    }

    /** The joins that are accepted, with one between that is refused and names the incarnation that is in. */
    private static byte[] batch(int joined) {
        List<BatchJoinResponse.Result> results = new ArrayList<>();
        for (int i = 0; i < joined; i++) {
            results.add(new BatchJoinResponse.Result(201, join(FIRST + i), null));
            results.add(new BatchJoinResponse.Result(
                    409, null, new Problem(Problem.TYPE_PREFIX + "x", "x", 409, "no", null, 4L)));
        }
        return Json.write(new BatchJoinResponse(results));
    }
}
