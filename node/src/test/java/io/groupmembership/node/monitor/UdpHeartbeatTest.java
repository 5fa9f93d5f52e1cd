package io.groupmembership.node.monitor;

import static io.groupmembership.node.monitor.Watching.GENEROUS;
import static io.groupmembership.node.monitor.Watching.INTERVAL;
import static io.groupmembership.node.monitor.Watching.MISSES;
import static io.groupmembership.node.monitor.Watching.member;
import static io.groupmembership.node.monitor.Watching.withEpoch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.node.monitor.HeartbeatDetector.Tuning;
import io.groupmembership.protocol.HeartbeatDatagram;
import io.groupmembership.protocol.HeartbeatMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class UdpHeartbeatTest {
    private Watching watching;
    private UdpMember process;

    @BeforeEach
    void begin() throws IOException {
        watching = new Watching();
        process = new UdpMember();
    }

    @AfterEach
    void end() throws IOException {
        watching.close();
        process.close();
    }

    @Test
    void aMemberThatAnswersStaysAndOneThatStopsAnsweringIsReportedWithItsEvidence() throws IOException {
        // Given
        watching.detector.monitor(member(1, HeartbeatMode.UDP, process.address()));
        watching.awaitAcks(10);
        assertThat(watching.reportsOf(1)).isEmpty();
        // When
        process.answers(UdpMember::silence);
        SilentMember report = watching.awaitReportOf(1);
        // Then
        assertThat(report.member().memberId()).isEqualTo("m1");
        assertThat(report.answeredBefore()).isTrue();
        assertThat(report.lastAckMillisAgo()).isGreaterThanOrEqualTo((MISSES - 1) * INTERVAL.toMillis());
        assertThat(report.probes()).hasSize(MISSES).allSatisfy(probe -> {
            assertThat(probe.path()).isEqualTo("udp");
            assertThat(probe.result()).isEqualTo("no answer");
        });
        assertThat(report.monitorHealth()).containsKeys("loopLagMillis", "membersMonitored", "acksLastWindow");
    }

    @Test
    void aSilentMemberIsReportedAgainUntilItIsForgotten() throws IOException {
        // Given
        process.answers(UdpMember::silence);
        watching.detector.monitor(member(1, HeartbeatMode.UDP, process.address()));
        // When
        await().atMost(GENEROUS).until(() -> watching.reportsOf(1).size() >= 3);
        watching.detector.forget(1);
        watching.awaitMonitored(0);
        // Then
        int reports = watching.reportsOf(1).size();
        int pings = process.pings().size();
        await().during(INTERVAL.multipliedBy(4))
                .until(() -> watching.reportsOf(1).size() == reports);
        assertThat(process.pings().size() - pings).isLessThanOrEqualTo(1);
    }

    @Test
    void aMemberThatAnswersAgainInTimeIsNotReported() throws IOException {
        // Given a process that answers every third ping
        process.answers(ping -> ping.sequence() % MISSES == 0 ? UdpMember.ack(ping) : Optional.empty());
        // When
        watching.detector.monitor(member(1, HeartbeatMode.UDP, process.address()));
        watching.awaitAcks(5);
        // Then
        assertThat(watching.reportsOf(1)).isEmpty();
        assertThat(watching.detector.stats().misses()).isGreaterThanOrEqualTo(8);
    }

    static Stream<Arguments> wrongAnswers() {
        return Stream.of(
                wrong("another incarnation's", p -> copy(p, p.epoch(), p.memberHash(), p.incarnation() + 1, 0)),
                wrong("another member's", p -> copy(p, p.epoch(), p.memberHash() ^ 1, p.incarnation(), 0)),
                wrong("another epoch's", p -> copy(p, p.epoch() - 1, p.memberHash(), p.incarnation(), 0)),
                wrong("one that was never asked for", p -> copy(p, p.epoch(), p.memberHash(), p.incarnation(), 9)));
    }

    private static Arguments wrong(String whose, UnaryOperator<HeartbeatDatagram> answer) {
        return Arguments.argumentSet(whose, answer);
    }

    private static HeartbeatDatagram copy(
            HeartbeatDatagram ping, int epoch, long memberHash, long incarnation, long ahead) {
        return new HeartbeatDatagram(
                HeartbeatDatagram.Type.ACK, epoch, memberHash, incarnation, ping.sequence() + ahead, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void anAckThatIsNotThisMembershipsDoesNotCount(UnaryOperator<HeartbeatDatagram> answer) throws IOException {
        // Given
        process.answers(ping -> Optional.of(UdpMember.bytes(answer.apply(ping))));
        // When
        watching.detector.monitor(member(1, HeartbeatMode.UDP, process.address()));
        // Then
        assertThat(watching.awaitReportOf(1).answeredBefore()).isFalse();
        assertThat(watching.detector.stats().acksReceived()).isZero();
        assertThat(watching.detector.stats().strayAcks()).isPositive();
    }

    static Stream<Arguments> malformedAnswers() {
        return Stream.of(
                malformed("an echo of the ping", UdpMember::bytes),
                malformed("too short", ping -> UdpMember.bytes(ping.ack()).limit(HeartbeatDatagram.BYTES - 1)),
                malformed(
                        "too long",
                        ping -> ByteBuffer.allocate(HeartbeatDatagram.BYTES + 1)
                                .put(UdpMember.bytes(ping.ack()))
                                .rewind()),
                malformed(
                        "of another version",
                        ping -> UdpMember.bytes(ping.ack()).put(2, (byte) 9)),
                malformed("empty", ping -> ByteBuffer.allocate(0)));
    }

    private static Arguments malformed(String what, Function<HeartbeatDatagram, ByteBuffer> answer) {
        return Arguments.argumentSet(what, answer);
    }

    @ParameterizedTest
    @MethodSource("malformedAnswers")
    void aMalformedDatagramIsCountedAndDoesNotCount(Function<HeartbeatDatagram, ByteBuffer> answer) throws IOException {
        // Given
        process.answers(ping -> Optional.of(answer.apply(ping)));
        // When
        watching.detector.monitor(member(1, HeartbeatMode.UDP, process.address()));
        // Then
        assertThat(watching.awaitReportOf(1).answeredBefore()).isFalse();
        assertThat(watching.detector.stats().malformed()).isPositive();
        assertThat(watching.detector.stats().acksReceived()).isZero();
    }

    @Test
    void aMemberAtAnIpv6AddressIsReachedFromTheSameSocket() throws IOException {
        Watching.assumeIpv6Loopback();
        try (UdpMember ipv6 = new UdpMember("::1")) {
            // When
            watching.detector.monitor(member(1, HeartbeatMode.UDP, process.address()));
            watching.detector.monitor(member(6, HeartbeatMode.UDP, ipv6.address()));
            await().atMost(GENEROUS).until(() -> ipv6.pings().size() >= 6);
            // Then
            assertThat(watching.reportsOf(6)).isEmpty();
            assertThat(watching.reportsOf(1)).isEmpty();
        }
    }

    @Test
    void aMemberIsFoundByItsHostsNameAndOneWithoutAnAddressIsSilent() throws IOException {
        // Given
        Tuning usual = Tuning.usual();
        Tuning tuning = new Tuning(usual.clock(), usual.random(), UdpHeartbeatTest::lookUp, 16);
        try (Watching named = new Watching(tuning)) {
            // When
            String port = process.address().substring(process.address().lastIndexOf(':'));
            named.detector.monitor(member(1, HeartbeatMode.UDP, "web-0.example" + port));
            named.detector.monitor(member(2, HeartbeatMode.UDP, "gone.example" + port));
            named.detector.monitor(member(3, HeartbeatMode.UDP, "no address"));
            // Then
            assertThat(named.awaitReportOf(2).probes())
                    .extracting(SilentMember.Probe::result)
                    .contains("host name can't be resolved");
            assertThat(named.awaitReportOf(3).probes())
                    .extracting(SilentMember.Probe::result)
                    .contains("its address must be host:port");
            named.awaitAcks(5);
            assertThat(named.reportsOf(1)).isEmpty();
        }
    }

    private static InetAddress[] lookUp(String name) throws UnknownHostException {
        if (name.equals("web-0.example")) {
            return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
        }
        throw new UnknownHostException(name);
    }

    @Test
    void aPauseOfTheMonitorIsNobodysMiss() throws IOException {
        // Given a monitor whose clock can be put forward, as if its process had been stopped
        AtomicLong pausedNanos = new AtomicLong();
        Tuning usual = Tuning.usual();
        Tuning tuning =
                new Tuning(() -> System.nanoTime() + pausedNanos.get(), new SplittableRandom(1), usual.lookup(), 16);
        try (Watching paused = new Watching(tuning)) {
            process.answers(UdpMember::silence);
            MonitoredMember slow = Watching.withInterval(
                    member(1, HeartbeatMode.UDP, process.address()), INTERVAL.multipliedBy(1_000));
            paused.detector.monitor(slow);
            paused.awaitMonitored(1);
            // When it is stopped for two intervals and a half, five times over
            for (int pause = 1; pause <= 5; pause++) {
                int pings = pause;
                pausedNanos.addAndGet(slow.interval().toNanos() * 5 / 2);
                await().atMost(GENEROUS).until(() -> process.pings().size() == pings);
            }
            // Then
            await().atMost(GENEROUS).until(() -> paused.detector.stats().lateTicks() == 4);
            assertThat(paused.detector.stats().misses()).isZero();
            assertThat(paused.detector.stats().maxLoopLagMillis())
                    .isGreaterThan(slow.interval().toMillis());
        }
    }

    @Test
    void aNewEpochBeginsWithAFreshCountAndAnOlderOneIsIgnored() throws IOException {
        // Given
        MonitoredMember member = member(1, HeartbeatMode.UDP, process.address());
        watching.detector.monitor(member);
        watching.awaitAcks(2);
        // When
        watching.detector.monitor(withEpoch(member, 3));
        watching.detector.monitor(withEpoch(member, 3));
        // Then
        await().atMost(GENEROUS).until(() -> process.pings().stream().anyMatch(ping -> ping.epoch() == 3));
        assertThat(process.pings().stream().filter(ping -> ping.epoch() == 3).findFirst())
                .hasValueSatisfying(ping -> assertThat(ping.sequence()).isEqualTo(1));
        // When
        watching.detector.monitor(withEpoch(member, 2));
        watching.awaitAcks(5);
        // Then
        assertThat(process.pings()).noneMatch(ping -> ping.epoch() == 2);
    }

    @Test
    void theSameWatchAgainKeepsItsCountAndTheNewViewGoesOutWithThePings() throws IOException {
        // Given
        MonitoredMember member = member(1, HeartbeatMode.UDP, process.address());
        watching.detector.monitor(member);
        watching.awaitAcks(2);
        // When
        watching.detector.monitor(member);
        watching.detector.viewChanged("default", "payments", 8);
        // Then
        await().atMost(GENEROUS).until(() -> process.pings().stream().anyMatch(ping -> ping.view() == 8));
        assertThat(process.pings().stream().map(HeartbeatDatagram::sequence)).doesNotHaveDuplicates();
        assertThat(process.pings().peek())
                .isNotNull()
                .satisfies(ping -> assertThat(ping.view()).isEqualTo(7));
    }
}
