package io.groupmembership.node.monitor;

import static io.groupmembership.node.monitor.SteppedWatching.INTERVAL;
import static io.groupmembership.node.monitor.SteppedWatching.STEP;
import static io.groupmembership.node.monitor.Watching.GENEROUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.node.monitor.UdpMember.Heard;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members with a lease that can be reached by TCP too, at the same port. */
class HeartbeatsOverTcpTest {
    private static final Duration PART = INTERVAL.dividedBy(5);

    private SteppedWatching stepped;
    private Watching watching;
    private UdpMember process;

    @BeforeEach
    void begin() throws IOException {
        stepped = new SteppedWatching();
        watching = stepped.watching;
        process = stepped.process.alsoByTcp();
    }

    @AfterEach
    void end() throws IOException {
        stepped.close();
    }

    private void assertNobodyWasMissed() {
        assertThat(watching.questions()).isEmpty();
        assertThat(watching.reportsOf(1)).isEmpty();
        assertThat(process.forged()).isZero();
    }

    private void awaitNoConnection() {
        await().atMost(GENEROUS).until(() -> process.openConnections() == 0);
        assertThat(stats().openLines()).isZero();
    }

    private MonitorStats stats() {
        return watching.detector.stats();
    }

    @Test
    void aMemberThatUdpReachesIsNotConnectedTo() throws IOException {
        // When
        stepped.monitor(stepped.member(1));
        stepped.pass(INTERVAL.multipliedBy(4));
        // Then
        assertThat(process.connections()).isZero();
        assertThat(process.confirmations()).isNotEmpty();
        assertThat(stats().carriedByTcp()).isZero();
        assertNobodyWasMissed();
    }

    @Test
    void aMemberThatUdpDoesNotReachIsGreetedOverTcpAndConfirmedOverOneConnection() throws IOException {
        // Given
        process.hearsUdp(false);
        // When
        stepped.monitor(stepped.member(1));
        Duration greeted = stepped.passUntil(() -> !process.confirmations().isEmpty());
        // Then
        assertThat(greeted).isLessThanOrEqualTo(PART.plus(STEP));
        // When
        stepped.pass(INTERVAL.multipliedBy(6));
        // Then
        assertThat(process.confirmations())
                .hasSizeBetween(5, 8)
                .extracting(Heard::path)
                .containsOnly(DatagramPath.TCP);
        assertThat(process.pings()).hasSameSizeAs(process.confirmations());
        assertThat(process.heard()).extracting(Heard::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(process.connections()).isEqualTo(1);
        assertThat(stats().carriedByTcp()).isEqualTo(1);
        assertThat(stats().openLines()).isEqualTo(1);
        assertNobodyWasMissed();
        // When
        watching.detector.forget(1);
        stepped.settle();
        // Then
        assertThat(stats().carriedByTcp()).isZero();
        awaitNoConnection();
    }

    @Test
    void whereUdpIsBlockedLaterTheRepetitionGoesOverTcpAndNoRoundIsMissed() throws IOException {
        // Given
        stepped.monitor(stepped.member(1));
        stepped.passUntil(() -> process.confirmations().size() == 2);
        // When
        process.hearsUdp(false);
        process.forgetHeard();
        stepped.pass(INTERVAL.multipliedBy(4));
        // Then
        assertThat(process.confirmations())
                .hasSizeGreaterThanOrEqualTo(3)
                .extracting(Heard::path)
                .containsOnly(DatagramPath.TCP);
        assertThat(stats().carriedByTcp()).isEqualTo(1);
        assertNobodyWasMissed();
    }

    /** The ping arrives by UDP, and the ack does not: the ping over TCP must not be stale behind it. */
    @Test
    void aMemberWhoseAnswersUdpLosesIsConfirmedOverTcp() throws IOException {
        // Given
        process.answers(
                ping -> process.heard().getLast().path() == DatagramPath.UDP ? Optional.empty() : process.ack(ping));
        // When
        stepped.monitor(stepped.member(1));
        stepped.pass(INTERVAL.multipliedBy(3));
        // Then
        assertThat(process.confirmations()).isNotEmpty().extracting(Heard::path).containsOnly(DatagramPath.TCP);
        assertThat(sequences(DatagramPath.TCP).getFirst())
                .as("newer than the copy by UDP")
                .isGreaterThan(sequences(DatagramPath.UDP).get(1));
        assertNobodyWasMissed();
    }

    private List<Long> sequences(DatagramPath path) {
        return process.pings().stream()
                .filter(ping -> ping.path() == path)
                .map(Heard::sequence)
                .toList();
    }

    @Test
    void aMemberReturnsToUdpWithinAMinuteAfterItWorksAgain() throws IOException {
        // Given
        process.hearsUdp(false);
        stepped.monitor(stepped.member(1));
        stepped.pass(INTERVAL.multipliedBy(3));
        assertThat(stats().carriedByTcp()).isEqualTo(1);
        // When
        process.hearsUdp(true);
        Duration returned = stepped.passUntil(() -> stats().carriedByTcp() == 0);
        // Then
        assertThat(returned).isLessThanOrEqualTo(Duration.ofMinutes(1).plus(INTERVAL));
        awaitNoConnection();
        // When
        process.forgetHeard();
        stepped.pass(INTERVAL.multipliedBy(2));
        // Then
        assertThat(process.heard()).isNotEmpty().extracting(Heard::path).containsOnly(DatagramPath.UDP);
        assertNobodyWasMissed();
    }

    @Test
    void whereUdpStaysBlockedTryingItAgainCostsNoRound() throws IOException {
        // Given
        process.hearsUdp(false);
        stepped.monitor(stepped.member(1));
        // When
        stepped.pass(Duration.ofMinutes(3));
        // Then
        assertThat(process.confirmations()).hasSizeGreaterThanOrEqualTo(34);
        assertThat(process.connections()).isEqualTo(1);
        assertNobodyWasMissed();
    }

    @Test
    void whoeverIsNotReachedByEitherPathIsSuspectedAndTheEvidenceTellsOfBoth() throws IOException {
        // Given a member that TCP carries
        process.hearsUdp(false);
        stepped.monitor(stepped.member(1));
        stepped.passUntil(() -> process.confirmations().size() == 2);
        // When
        process.answers(UdpMember::silence);
        stepped.passUntil(() -> !watching.reportsOf(1).isEmpty());
        // Then
        assertThat(watching.reportsOf(1).getFirst().evidence().probes())
                .extracting(Evidence.Probe::path)
                .containsExactly("udp", "tcp");
        assertThat(watching.reportsOf(1)
                        .getFirst()
                        .evidence()
                        .probes()
                        .getLast()
                        .result())
                .isEqualTo("no answer; its last ack came by TCP");
    }

    @Test
    void aMemberThatOnlyTcpReachesIsReachedForAnotherNode() throws IOException {
        // Given
        process.hearsUdp(false);
        // When
        watching.detector.probe(stepped.member(1), "node-2");
        Duration found = stepped.passUntil(() -> !watching.answers().isEmpty());
        // Then
        assertThat(watching.answers())
                .containsExactly(new Watching.Answer("node-2", new PeerMessage.Finding(1, 1, true)));
        assertThat(found).isLessThanOrEqualTo(PART.plus(STEP.multipliedBy(2)));
        awaitNoConnection();
    }
}
