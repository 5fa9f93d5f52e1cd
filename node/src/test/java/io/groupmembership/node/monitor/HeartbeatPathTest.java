package io.groupmembership.node.monitor;

import static io.groupmembership.node.monitor.HeartbeatPath.UDP_AGAIN_NANOS;
import static io.groupmembership.protocol.heartbeat.DatagramPath.TCP;
import static io.groupmembership.protocol.heartbeat.DatagramPath.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.node.monitor.HeartbeatPath.Ping;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HeartbeatPathTest {
    private static final long SECOND = 1_000_000_000;

    /** A ping a second to a member that a network carries by these paths, and which path each one goes by. */
    static Stream<Arguments> transcripts() {
        return Stream.of(
                transcript("udp works: no connection is made", "u u u u", "udp udp udp udp"),
                transcript("udp never worked: the greeting is repeated by both", "t t t t", "udp both tcp tcp"),
                transcript("one datagram is lost", "u - u u", "udp udp both udp"),
                transcript("udp is blocked from the second ping on", "u t t t", "udp udp both tcp"),
                transcript("neither works, then tcp does", "- - - t t", "udp both both both tcp"),
                transcript("tcp breaks, and udp works again", "t t t u u u", "udp both tcp tcp both udp"),
                transcript("tcp breaks for good, and so does udp", "t t t - - -", "udp both tcp tcp both both"),
                transcript("both work: whichever comes last", "- ut ut ut", "udp both udp udp"));
    }

    private static Arguments transcript(String name, String network, String pings) {
        return Arguments.argumentSet(name, Arrays.asList(network.split(" ", -1)), Arrays.asList(pings.split(" ", -1)));
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void aPingGoesByThePathThatTheLastAckCameByAndByBothWhereNoneCame(List<String> network, List<String> pings) {
        HeartbeatPath path = new HeartbeatPath();
        for (int i = 0; i < pings.size(); i++) {
            assertThat(word(ping(path, i * SECOND, network.get(i))))
                    .as("ping %s", i)
                    .isEqualTo(pings.get(i));
        }
    }

    /** The ping by UDP and that by TCP are each acked where the network carries them, TCP's ack first. */
    private static Ping ping(HeartbeatPath path, long nowNanos, String network) {
        Ping ping = path.next(nowNanos);
        Set<DatagramPath> acks = EnumSet.noneOf(DatagramPath.class);
        if (ping.byTcp() && network.contains("t")) {
            path.acked(TCP);
            acks.add(TCP);
        }
        if (ping.byUdp() && network.contains("u")) {
            path.acked(UDP);
            acks.add(UDP);
        }
        assertThat(path.isUnanswered()).isEqualTo(acks.isEmpty());
        return ping;
    }

    private static String word(Ping ping) {
        return switch (ping) {
            case BY_UDP -> "udp";
            case BY_TCP -> "tcp";
            case BY_BOTH -> "both";
        };
    }

    static Stream<Arguments> aMinuteLater() {
        return Stream.of(
                Arguments.argumentSet("udp is still blocked", "t", "udp both tcp", TCP),
                Arguments.argumentSet("udp works again", "ut", "udp udp udp", UDP));
    }

    @ParameterizedTest
    @MethodSource("aMinuteLater")
    void aMinuteAfterUdpWasTriedOnePingGoesByItAlone(String network, String pings, DatagramPath carrier) {
        // Given a member that TCP carries, and whose ping by both paths was at 1 s
        HeartbeatPath path = new HeartbeatPath();
        ping(path, 0, "t");
        ping(path, SECOND, "t");
        assertThat(ping(path, UDP_AGAIN_NANOS + SECOND - 1, "t")).isEqualTo(Ping.BY_TCP);
        // When
        long nowNanos = UDP_AGAIN_NANOS + SECOND;
        for (String expected : pings.split(" ", -1)) {
            assertThat(word(ping(path, nowNanos, network))).isEqualTo(expected);
            nowNanos += SECOND;
        }
        // Then
        assertThat(path.carrier()).isEqualTo(carrier);
    }
}
