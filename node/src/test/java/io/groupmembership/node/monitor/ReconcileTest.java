package io.groupmembership.node.monitor;

import static io.groupmembership.node.monitor.Watching.GENEROUS;
import static io.groupmembership.node.monitor.Watching.INTERVAL;
import static io.groupmembership.node.monitor.Watching.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.protocol.HeartbeatMode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconcileTest {
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
    void afterASnapshotExactlyItsMembersAreWatchedAndThoseWatchedBeforeKeepTheirCounts() throws IOException {
        // Given members 1 to 3
        List<MonitoredMember> members = members(1, 4);
        members.subList(0, 3).forEach(watching.detector::monitor);
        await().atMost(GENEROUS).until(() -> pinged().equals(Set.of(1L, 2L, 3L)));
        // When the snapshot has 2 to 4
        watching.detector.retainOnly(members.subList(1, 4));
        watching.awaitMonitored(3);
        process.forgetHeard();
        // Then
        await().atMost(GENEROUS).until(() -> pinged().containsAll(Set.of(2L, 3L, 4L)));
        assertThat(pinged()).doesNotContain(1L);
        assertThat(process.pings().stream().filter(ping -> ping.incarnation() == 2))
                .allSatisfy(ping -> assertThat(ping.sequence()).isGreaterThan(1));
    }

    @Test
    void anEmptySnapshotEndsEveryWatch() throws IOException {
        // Given
        members(1, 10).forEach(watching.detector::monitor);
        watching.awaitMonitored(10);
        // When
        watching.detector.retainOnly(List.of());
        // Then
        watching.awaitMonitored(0);
    }

    @Test
    void aBurstOfAHundredThousandIsTakenUpAndGivenUpAgain() throws IOException {
        // When
        members(1, 100_000)
                .forEach(m -> watching.detector.monitor(Watching.withInterval(m, INTERVAL.multipliedBy(250))));
        watching.awaitMonitored(100_000);
        LongStream.rangeClosed(1, 99_999).forEach(watching.detector::forget);
        // Then
        watching.awaitMonitored(1);
    }

    @Test
    void aListenerThatFailsIsAskedAgainAndTheLoopGoesOn() throws IOException {
        // Given
        AtomicInteger calls = new AtomicInteger();
        OfSuspicions failing = new OfSuspicions(() -> {
            calls.incrementAndGet();
            throw new IllegalStateException("as the test wants it");
        });
        try (HeartbeatDetector detector = failing.open()) {
            // When
            detector.monitor(member(1, HeartbeatMode.UDP, silent()));
            // Then
            await().atMost(GENEROUS).until(() -> calls.get() >= 3);
            assertThat(detector.stats().loopFailures()).isPositive();
            assertThat(detector.stats().running()).isTrue();
        }
    }

    @Test
    void aDetectorEndsWithinItsLimitEvenWhereItsListenerIsStuck() throws IOException {
        // Given
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch reported = new CountDownLatch(1);
        OfSuspicions waiting = new OfSuspicions(() -> {
            reported.countDown();
            awaitOrInterrupt(stuck);
        });
        HeartbeatDetector detector = waiting.open();
        detector.monitor(member(1, HeartbeatMode.UDP, silent()));
        await().atMost(GENEROUS).until(() -> reported.getCount() == 0);
        // When
        detector.close();
        // Then
        await().atMost(GENEROUS).until(() -> !detector.stats().running());
    }

    @Test
    void aNodeThatIsAboutToGoBeatsNoMore() {
        // Given
        await().atMost(GENEROUS).until(() -> watching.beats() >= 2);
        // When
        watching.detector.stopBeating();
        // Then one that had begun may still come
        int beats = watching.beats();
        await().during(Duration.ofMillis(3 * ClusterTiming.USUAL.tickMillis()))
                .until(() -> watching.beats() - beats <= 1);
    }

    private String silent() throws IOException {
        process.answers(UdpMember::silence);
        return process.address();
    }

    private static void awaitOrInterrupt(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<MonitoredMember> members(long first, long last) throws IOException {
        String address = process.address();
        return LongStream.rangeClosed(first, last)
                .mapToObj(incarnation -> member(incarnation, HeartbeatMode.UDP, address))
                .toList();
    }

    private Set<Long> pinged() {
        return process.pings().stream().map(UdpMember.Heard::incarnation).collect(Collectors.toSet());
    }

    /** Does the same whenever somebody is suspected; its beats are agreed on. */
    private static final class OfSuspicions implements MonitorListener {
        private final Runnable action;
        private final AtomicReference<HeartbeatDetector> opened = new AtomicReference<>();

        OfSuspicions(Runnable action) {
            this.action = action;
        }

        HeartbeatDetector open() throws IOException {
            HeartbeatDetector detector =
                    HeartbeatDetector.open(new InetSocketAddress(0), this, Watching.setting(System::nanoTime));
            opened.set(detector);
            return detector;
        }

        @Override
        public void suspected(List<Command.Target> targets) {
            action.run();
        }

        @Override
        public void reassign(List<Command.Assignment> assignments) {}

        @Override
        public void ask(List<PeerMessage.Question> questions) {}

        @Override
        public void answer(String asker, List<PeerMessage.Finding> findings) {}

        @Override
        public void beat(long nonce, Map<GroupKey, Integer> missing) {
            HeartbeatDetector detector = opened.get();
            if (detector != null) {
                detector.ticked(nonce);
            }
        }
    }
}
