package io.groupmembership.node.monitor;

import static io.groupmembership.node.monitor.SteppedWatching.INTERVAL;
import static io.groupmembership.node.monitor.SteppedWatching.LEASE;
import static io.groupmembership.node.monitor.SteppedWatching.STEP;
import static io.groupmembership.node.monitor.Watching.GENEROUS;
import static io.groupmembership.node.monitor.Watching.MISSES;
import static io.groupmembership.node.monitor.Watching.withEpoch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.node.monitor.HeartbeatDetector.Tuning;
import io.groupmembership.node.monitor.UdpMember.Heard;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.MemberHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Members with a lease, as the wire and the listener see it. The rules themselves are tested in their own room. */
class UdpHeartbeatTest {
    private static final Duration PART = INTERVAL.dividedBy(5);

    private SteppedWatching stepped;
    private Watching watching;
    private UdpMember process;

    @BeforeEach
    void begin() throws IOException {
        stepped = new SteppedWatching();
        watching = stepped.watching;
        process = stepped.process;
    }

    @AfterEach
    void end() throws IOException {
        stepped.close();
    }

    // ---- pings, acks, confirmations

    @Test
    void aPingIsAckedAndTheAckIsConfirmedWithTheLeaseOfThePolicy() throws IOException {
        // When
        stepped.monitor(stepped.member(1));
        stepped.pass(INTERVAL.multipliedBy(4));
        // Then
        assertThat(process.pings()).hasSizeBetween(3, 5).allSatisfy(ping -> {
            assertThat(ping.keyId()).isEqualTo(5);
            assertThat(ping.memberHash()).isEqualTo(MemberHash.of("default", "payments", "m1"));
            assertThat(ping.epoch()).isEqualTo(1);
            assertThat(ping.view()).isEqualTo(7);
            assertThat(ping.millis()).as("repeat the ack after a fifth").isEqualTo(INTERVAL.toMillis() / 5);
        });
        assertThat(process.confirmations()).hasSameSizeAs(process.pings()).allSatisfy(confirmation -> {
            assertThat(confirmation.millis()).isEqualTo(LEASE.toMillis());
            assertThat(confirmation.view()).isEqualTo(7);
            // at once, and with what the ack said of the member's own clock
            assertThat(confirmation.memberSentNanos()).isEqualTo(confirmation.atNanos() + (1L << 50));
        });
        assertThat(process.heard())
                .extracting(Heard::sequence)
                .isSorted()
                .doesNotHaveDuplicates()
                .first()
                .isEqualTo(1L);
        assertThat(process.forged()).isZero();
        assertThat(watching.reportsOf(1)).isEmpty();
        assertThat(watching.questions()).isEmpty();
    }

    @Test
    void anUnansweredPingIsRepeatedAfterAFifthOfTheInterval() throws IOException {
        // Given
        process.answers(UdpMember::silence);
        // When
        stepped.monitor(stepped.member(1));
        stepped.passUntil(() -> !watching.questions().isEmpty());
        process.forgetHeard();
        stepped.passUntil(() -> process.pings().size() >= 6);
        // Then a round has four, and the next one begins when the interval is over
        assertThat(gaps(process.pings()).subList(0, 5))
                .satisfiesExactly(
                        this::isAFifth,
                        this::isAFifth,
                        this::isAFifth,
                        gap -> assertThat(gap)
                                .isBetween(
                                        PART.multipliedBy(2).minus(STEP),
                                        PART.multipliedBy(2).plus(STEP)),
                        this::isAFifth);
        assertThat(process.pings()).extracting(Heard::sequence).isSorted().doesNotHaveDuplicates();
    }

    private void isAFifth(Duration gap) {
        assertThat(gap).isBetween(PART.minus(STEP), PART.plus(STEP));
    }

    private static List<Duration> gaps(List<Heard> heard) {
        return Stream.iterate(1, i -> i < heard.size(), i -> i + 1)
                .map(i -> Duration.ofNanos(
                        heard.get(i).atNanos() - heard.get(i - 1).atNanos()))
                .toList();
    }

    @Test
    void aMemberThatAnswersARepetitionHasMissedNothing() throws IOException {
        // Given a network that loses the first three pings of each round
        process.answers(ping -> process.pings().size() % 4 == 0 ? process.ack(ping) : Optional.empty());
        // When
        stepped.monitor(stepped.member(1));
        stepped.pass(INTERVAL.multipliedBy(5));
        // Then
        assertThat(process.confirmations()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(watching.questions()).isEmpty();
        assertThat(watching.reportsOf(1)).isEmpty();
    }

    @Test
    void theNewViewGoesOutWithThePings() throws IOException {
        // Given
        MonitoredMember member = stepped.member(1);
        stepped.monitor(member);
        stepped.passUntil(() -> !process.confirmations().isEmpty());
        // When
        stepped.monitor(member);
        watching.detector.viewChanged("default", "payments", 8);
        stepped.settle();
        process.forgetHeard();
        stepped.pass(INTERVAL.multipliedBy(2));
        // Then
        assertThat(process.heard()).isNotEmpty().allSatisfy(one -> {
            assertThat(one.view()).isEqualTo(8);
            assertThat(one.sequence()).isGreaterThan(2);
        });
    }

    // ---- silence

    @Test
    void aSilentMemberIsAskedAboutAndWhenItsLeaseIsOverSuspectedAgainAndAgain() throws IOException {
        // Given
        stepped.monitor(stepped.member(1));
        stepped.passUntil(() -> process.confirmations().size() == 2);
        process.answers(UdpMember::silence);
        long lastAckNanos = stepped.now();
        // When it misses a round
        stepped.passUntil(() -> !watching.questions().isEmpty());
        // Then the others are asked, and nobody is suspected
        assertThat(watching.questions()).containsExactly(new PeerMessage.Question(Watching.GROUP, "m1", 1, 1));
        assertThat(watching.missing()).isEqualTo(1);
        assertThat(watching.reportsOf(1)).isEmpty();
        // When
        stepped.passUntil(() -> !watching.reportsOf(1).isEmpty());
        // Then
        assertThat(Duration.ofNanos(stepped.now() - lastAckNanos)).isBetween(LEASE, LEASE.plus(STEP));
        Command.Target target = watching.reportsOf(1).getFirst();
        assertThat(target.group()).isEqualTo(Watching.GROUP);
        assertThat(target.memberId()).isEqualTo("m1");
        assertThat(target.assignmentEpoch()).isEqualTo(1);
        assertThat(target.reason()).isEqualTo(LeaveReason.CRASHED);
        assertThat(target.evidence().lastAckMillisAgo())
                .isBetween(LEASE.toMillis(), LEASE.plus(STEP).toMillis());
        assertThat(target.evidence().probes()).first().satisfies(probe -> {
            assertThat(probe.by()).isEqualTo("node-1");
            assertThat(probe.path()).isEqualTo("udp");
            assertThat(probe.result()).contains("4 pings in each of 2 rounds");
        });
        assertThat(target.evidence().monitorHealth())
                .containsKeys("loopLagMillis", "membersMonitored", "acksLastWindow", "leaseOverMillis");
        // When
        stepped.pass(Duration.ofSeconds(4));
        // Then it is said each second
        assertThat(watching.reportsOf(1)).hasSizeBetween(4, 6);
        assertThat(watching.missing()).isZero();
        // When
        watching.detector.forget(1);
        stepped.settle();
        int reports = watching.reportsOf(1).size();
        int pings = process.pings().size();
        stepped.pass(INTERVAL.multipliedBy(2));
        // Then
        assertThat(watching.detector.stats().monitored()).isZero();
        assertThat(watching.reportsOf(1)).hasSize(reports);
        assertThat(process.pings()).hasSize(pings);
    }

    @Test
    void whoeverAnswersAfterItWasSuspectedIsConfirmedNoMoreBeforeThatIsTakenBackByANewEpoch() throws IOException {
        // Given
        MonitoredMember member = stepped.member(1);
        process.answers(UdpMember::silence);
        stepped.monitor(member);
        stepped.passUntil(() -> !watching.reportsOf(1).isEmpty());
        // When
        process.answersAgain();
        stepped.passUntil(() -> !watching.assignments().isEmpty());
        stepped.pass(INTERVAL);
        // Then
        assertThat(watching.assignments())
                .allSatisfy(assignment -> assertThat(assignment)
                        .isEqualTo(new Command.Assignment(Watching.GROUP, "m1", 1, 1, "node-1", true)));
        assertThat(process.confirmations()).isEmpty();
        // When
        stepped.monitor(withEpoch(member, 2));
        stepped.pass(INTERVAL.multipliedBy(2));
        // Then
        assertThat(process.confirmations())
                .isNotEmpty()
                .allSatisfy(confirmation -> assertThat(confirmation.epoch()).isEqualTo(2));
    }

    @Test
    void aPauseOfTheMonitorIsNobodysMiss() throws IOException {
        // Given
        process.answers(UdpMember::silence);
        stepped.monitor(stepped.member(1));
        stepped.passUntil(() -> !process.pings().isEmpty());
        // When it is stopped for two intervals and a half, five times over
        for (int pause = 0; pause < 5; pause++) {
            stepped.jump(INTERVAL.multipliedBy(5).dividedBy(2));
            stepped.pass(PART.multipliedBy(2));
        }
        // Then
        assertThat(watching.detector.stats().misses()).isZero();
        assertThat(watching.questions()).isEmpty();
        assertThat(watching.reportsOf(1)).isEmpty();
        assertThat(watching.assignments()).isEmpty();
    }

    // ---- what others send

    static Stream<Arguments> strayAnswers() {
        return Stream.of(
                stray("another incarnation's", p -> ping(p, p.keyId(), p.memberHash(), p.incarnation() + 1, p.epoch())),
                stray("another member's", p -> ping(p, p.keyId(), p.memberHash() ^ 1, p.incarnation(), p.epoch())),
                stray("another epoch's", p -> ping(p, p.keyId(), p.memberHash(), p.incarnation(), p.epoch() - 1)),
                stray("of another key id", p -> ping(p, 6, p.memberHash(), p.incarnation(), p.epoch())));
    }

    private static Arguments stray(String whose, UnaryOperator<Datagram> asked) {
        return Arguments.argumentSet(whose, asked);
    }

    private static Datagram ping(Datagram ping, int keyId, long memberHash, long incarnation, int epoch) {
        Datagram other = new Datagram();
        other.bePing(keyId, memberHash, incarnation, epoch, ping.sequence(), ping.view(), 0);
        return other;
    }

    @ParameterizedTest
    @MethodSource("strayAnswers")
    void anAckThatIsNotThisMembershipsIsCountedAndDoesNotCount(UnaryOperator<Datagram> asked) throws IOException {
        process.answers(ping -> Optional.of(process.answerTo(asked.apply(ping), UdpMember.keyOf(ping.incarnation()))));
        assertThat(statsAtTheSuspicionOfWhoeverAnswersSo().strayAcks()).isPositive();
    }

    /** None of them counts, and none is answered. */
    private MonitorStats statsAtTheSuspicionOfWhoeverAnswersSo() throws IOException {
        stepped.monitor(stepped.member(1));
        stepped.passUntil(() -> !watching.reportsOf(1).isEmpty());
        MonitorStats stats = watching.detector.stats();
        assertThat(watching.reportsOf(1).getFirst().evidence().lastAckMillisAgo())
                .isEqualTo(-1);
        assertThat(stats.acksReceived()).isZero();
        assertThat(stats.confirmations()).isZero();
        assertThat(process.heard()).hasSameSizeAs(process.pings());
        return stats;
    }

    @Test
    void anAckThatIsSealedWithAnothersKeyIsForged() throws IOException {
        process.answers(ping -> Optional.of(process.answerTo(ping, UdpMember.keyOf(2))));
        assertThat(statsAtTheSuspicionOfWhoeverAnswersSo().forged()).isPositive();
    }

    @Test
    void anAckThatWasChangedOnTheWayIsForged() throws IOException {
        process.answers(ping -> process.ack(ping).map(ack -> ack.put(47, (byte) (ack.get(47) ^ 1))));
        assertThat(statsAtTheSuspicionOfWhoeverAnswersSo().forged()).isPositive();
    }

    @Test
    void anAckThatIsReplayedDoesNotCountAgain() throws IOException {
        // Given a process that answers once, and whose answer somebody sends for ever
        List<ByteBuffer> recorded = new CopyOnWriteArrayList<>();
        process.answers(ping -> {
            if (recorded.isEmpty()) {
                process.ack(ping).ifPresent(recorded::add);
            }
            return Optional.of(recorded.getFirst().duplicate());
        });
        // When
        stepped.monitor(stepped.member(1));
        stepped.passUntil(() -> !watching.reportsOf(1).isEmpty());
        // Then
        assertThat(process.confirmations()).hasSize(1);
        assertThat(watching.detector.stats().acksReceived()).isEqualTo(1);
        assertThat(watching.detector.stats().strayAcks()).isPositive();
    }

    static Stream<Arguments> malformedAnswers() {
        return Stream.of(
                malformed("an echo of the ping", UdpMember::copy),
                malformed("too short", ping -> sealed(ping).limit(Datagram.BYTES - 1)),
                malformed(
                        "too long",
                        ping -> ByteBuffer.allocate(Datagram.BYTES + 1)
                                .put(sealed(ping))
                                .rewind()),
                malformed("of another version", ping -> sealed(ping).put(2, (byte) 9)),
                malformed("of another type", ping -> sealed(ping).put(3, (byte) 6)),
                malformed("empty", ping -> ByteBuffer.allocate(0)));
    }

    private static ByteBuffer sealed(Datagram ping) {
        Datagram out = new Datagram();
        out.beAnswerTo(ping, 1, 1);
        new DatagramSeal().seal(out, UdpMember.keyOf(ping.incarnation()));
        return UdpMember.copy(out);
    }

    private static Arguments malformed(String what, Function<Datagram, ByteBuffer> answer) {
        return Arguments.argumentSet(what, answer);
    }

    @ParameterizedTest
    @MethodSource("malformedAnswers")
    void aMalformedDatagramIsCountedAndDoesNotCount(Function<Datagram, ByteBuffer> answer) throws IOException {
        process.answers(ping -> Optional.of(answer.apply(ping)));
        assertThat(statsAtTheSuspicionOfWhoeverAnswersSo().malformed()).isPositive();
    }

    // ---- the node's own lease

    @Test
    void aNodeWithoutALeaseSendsNothingAndSuspectsNobody() throws IOException {
        // Given
        stepped.monitor(stepped.member(1));
        stepped.passUntil(() -> !process.confirmations().isEmpty());
        // When its lease has run out
        watching.withholdTicks();
        stepped.pass(Duration.ofMillis(ClusterTiming.USUAL.nodeLeaseMillis()).plus(STEP));
        process.forgetHeard();
        stepped.pass(LEASE.multipliedBy(2));
        // Then
        assertThat(process.heard()).isEmpty();
        assertThat(watching.questions()).isEmpty();
        assertThat(watching.reportsOf(1)).isEmpty();
        // When it has one again
        watching.agreeOnBeats();
        stepped.pass(INTERVAL.multipliedBy(2));
        // Then
        assertThat(process.confirmations()).isNotEmpty();
        assertThat(watching.reportsOf(1)).isEmpty();
    }

    @Test
    void anAckThatComesWhenTheNodeHasNoLeaseAnyMoreIsNotConfirmed() throws IOException {
        // Given a process whose answer is held back
        List<ByteBuffer> held = new CopyOnWriteArrayList<>();
        process.answers(ping -> {
            process.ack(ping).ifPresent(held::add);
            return Optional.empty();
        });
        stepped.monitor(stepped.member(1));
        stepped.passUntil(() -> !held.isEmpty());
        watching.withholdTicks();
        stepped.pass(Duration.ofMillis(ClusterTiming.USUAL.nodeLeaseMillis()).plus(STEP));
        // When it arrives
        process.sends(held.getLast(), watching.detector.localAddress().getPort());
        stepped.settle();
        // Then it counts as a sign of life
        assertThat(watching.detector.stats().acksReceived()).isEqualTo(1);
        assertThat(process.confirmations()).isEmpty();
    }

    // ---- the end of a membership

    @Test
    void aRevokedMemberIsSuspectedForTheRevocationsReasonWhenItsLeaseIsOverThoughItAnswers() throws IOException {
        // Given
        MonitoredMember member = stepped.member(1);
        stepped.monitor(member);
        stepped.passUntil(() -> process.confirmations().size() == 2);
        long lastConfirmedNanos = process.confirmations().getLast().atNanos();
        // When
        stepped.monitor(Watching.revoked(member, LeaveReason.EVICTED));
        stepped.passUntil(() -> !watching.reportsOf(1).isEmpty());
        // Then
        assertThat(Duration.ofNanos(stepped.now() - lastConfirmedNanos)).isBetween(LEASE, LEASE.plus(STEP));
        assertThat(process.confirmations()).hasSize(2);
        Command.Target target = watching.reportsOf(1).getFirst();
        assertThat(target.reason()).isEqualTo(LeaveReason.EVICTED);
        assertThat(target.evidence().probes())
                .extracting(Evidence.Probe::result)
                .containsExactly("waited for after a revoke");
        assertThat(watching.assignments()).isEmpty();
    }

    // ---- probes

    @Test
    void whoeverIsReachedForAnotherNodeIsReportedToItAndNothingIsConfirmed() throws IOException {
        // When
        watching.detector.probe(stepped.member(1), "node-2");
        stepped.passUntil(() -> !watching.answers().isEmpty());
        // Then
        assertThat(watching.answers())
                .containsExactly(new Watching.Answer("node-2", new PeerMessage.Finding(1, 1, true)));
        assertThat(process.probes()).hasSize(1);
        assertThat(process.heard()).hasSize(1);
        assertThat(watching.detector.stats().monitored()).isZero();
    }

    @Test
    void whoeverIsNotReachedForAnotherNodeIsReportedToItAfterThreeProbes() throws IOException {
        // Given
        process.answers(UdpMember::silence);
        // When
        watching.detector.probe(stepped.member(1), "node-2");
        stepped.passUntil(() -> !watching.answers().isEmpty());
        // Then
        assertThat(watching.answers())
                .containsExactly(new Watching.Answer("node-2", new PeerMessage.Finding(1, 1, false)));
        assertThat(process.probes()).hasSize(3);
    }

    @Test
    void aForgedAnswerToAProbeReachesNobody() throws IOException {
        // Given
        process.answers(probe -> Optional.of(process.answerTo(probe, UdpMember.keyOf(2))));
        // When
        watching.detector.probe(stepped.member(1), "node-2");
        stepped.passUntil(() -> !watching.answers().isEmpty());
        // Then
        assertThat(watching.answers())
                .containsExactly(new Watching.Answer("node-2", new PeerMessage.Finding(1, 1, false)));
        assertThat(watching.detector.stats().forged()).isEqualTo(3);
    }

    @Test
    void aMemberThatAnotherNodeReachesIsHandedOverAfterTheNextUnansweredPing() throws IOException {
        // Given
        watching.detector.nodesAre(Set.of("node-1", "node-2", "node-3"));
        process.answers(UdpMember::silence);
        stepped.monitor(stepped.member(1));
        stepped.passUntil(() -> !watching.questions().isEmpty());
        // When
        watching.detector.probed("node-2", List.of(new PeerMessage.Finding(1, 1, false)));
        watching.detector.probed("node-3", List.of(new PeerMessage.Finding(1, 1, true)));
        stepped.settle();
        assertThat(watching.assignments()).isEmpty();
        stepped.passUntil(() -> !watching.assignments().isEmpty());
        // Then
        assertThat(watching.assignments())
                .containsExactly(new Command.Assignment(Watching.GROUP, "m1", 1, 1, "node-3", true));
        assertThat(watching.reportsOf(1)).isEmpty();
    }

    @Test
    void aFindingOfAnotherEpochOrOfANodeThatIsDownHandsNobodyOver() throws IOException {
        // Given
        watching.detector.nodesAre(Set.of("node-1", "node-3"));
        process.answers(UdpMember::silence);
        stepped.monitor(stepped.member(1));
        stepped.passUntil(() -> !watching.questions().isEmpty());
        // When
        watching.detector.probed("node-3", List.of(new PeerMessage.Finding(1, 2, true)));
        watching.detector.probed("node-9", List.of(new PeerMessage.Finding(1, 1, true)));
        stepped.passUntil(() -> !watching.reportsOf(1).isEmpty());
        // Then
        assertThat(watching.assignments()).isEmpty();
    }

    // ---- what the state says meanwhile

    @Test
    void aNewEpochBeginsANewWatchThatWaitsForWhatOthersMayHaveGranted() throws IOException {
        // Given
        MonitoredMember member = stepped.member(1);
        stepped.monitor(member);
        stepped.passUntil(() -> !process.confirmations().isEmpty());
        process.answers(UdpMember::silence);
        // When
        stepped.monitor(withEpoch(member, 3));
        stepped.monitor(withEpoch(member, 2));
        long takenOverNanos = stepped.now();
        process.forgetHeard();
        stepped.passUntil(() -> !watching.reportsOf(1).isEmpty());
        // Then
        assertThat(process.pings()).allSatisfy(ping -> assertThat(ping.epoch()).isEqualTo(3));
        assertThat(process.pings().getFirst().sequence()).as("it counts anew").isLessThanOrEqualTo(2);
        assertThat(watching.reportsOf(1).getFirst().assignmentEpoch()).isEqualTo(3);
        long nodeLeaseMillis = ClusterTiming.USUAL.drift().waited(ClusterTiming.USUAL.nodeLeaseMillis());
        assertThat(Duration.ofNanos(stepped.now() - takenOverNanos))
                .isBetween(
                        LEASE.plusMillis(nodeLeaseMillis),
                        LEASE.plusMillis(nodeLeaseMillis).plus(STEP));
    }

    @Test
    void aPolicyThatChangesHoldsForWhatIsConfirmedFromThenOn() throws IOException {
        // Given
        MonitoredMember member = stepped.member(1);
        stepped.monitor(member);
        stepped.passUntil(() -> process.confirmations().size() == 2);
        // When
        stepped.monitor(Watching.withInterval(member, INTERVAL.multipliedBy(2)));
        process.forgetHeard();
        stepped.passUntil(() -> process.confirmations().size() == 3);
        // Then the same watch goes on, with the new interval and lease
        assertThat(process.heard()).extracting(Heard::sequence).startsWith(5L, 6L, 7L, 8L);
        assertThat(process.confirmations())
                .extracting(Heard::millis)
                .containsOnly(LEASE.multipliedBy(2).toMillis());
        assertThat(gaps(process.pings()).getLast())
                .isBetween(
                        INTERVAL.multipliedBy(2).minus(STEP),
                        INTERVAL.multipliedBy(2).plus(STEP));
    }

    // ---- addresses

    @Test
    void aMemberAtAnIpv6AddressIsReachedFromTheSameSocket() throws IOException {
        Watching.assumeIpv6Loopback();
        try (Watching both = new Watching();
                UdpMember ipv4 = new UdpMember();
                UdpMember ipv6 = new UdpMember("::1", System::nanoTime)) {
            // When
            both.detector.monitor(Watching.member(1, HeartbeatMode.UDP, ipv4.address()));
            both.detector.monitor(Watching.member(6, HeartbeatMode.UDP, ipv6.address()));
            // Then
            await().atMost(GENEROUS).until(() -> ipv6.confirmations().size() >= MISSES);
            await().atMost(GENEROUS).until(() -> ipv4.confirmations().size() >= MISSES);
            assertThat(both.reportsOf(6)).isEmpty();
            assertThat(both.reportsOf(1)).isEmpty();
        }
    }

    @Test
    void aMemberIsFoundByItsHostsNameAndOneWithoutAnAddressIsSilent() throws IOException {
        // Given
        Tuning tuning = new Tuning(Tuning.usual().random(), UdpHeartbeatTest::lookUp, 16, 16);
        try (Watching named = new Watching(tuning);
                UdpMember reached = new UdpMember()) {
            // When
            String port = reached.address().substring(reached.address().lastIndexOf(':'));
            named.detector.monitor(Watching.member(1, HeartbeatMode.UDP, "web-0.example" + port));
            named.detector.monitor(Watching.member(2, HeartbeatMode.UDP, "gone.example" + port));
            named.detector.monitor(Watching.member(3, HeartbeatMode.UDP, "no address"));
            // Then
            assertThat(named.awaitReportOf(2).evidence().probes())
                    .contains(new Evidence.Probe("node-1", "dns", "host name can't be resolved"));
            assertThat(named.awaitReportOf(3).evidence().probes())
                    .contains(new Evidence.Probe("node-1", "dns", "its address must be host:port"));
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
}
