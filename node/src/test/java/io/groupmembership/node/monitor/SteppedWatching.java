package io.groupmembership.node.monitor;

import static io.groupmembership.node.monitor.Watching.GENEROUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.node.monitor.HeartbeatDetector.Tuning;
import io.groupmembership.protocol.HeartbeatMode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionFactory;

/**
 * A real detector and a real process, over a real socket, in a time that stands still until the test has it go on: so the
 * usual five seconds and three misses are exact, and cost milliseconds.
 */
final class SteppedWatching implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofSeconds(5);
    static final Duration LEASE = INTERVAL.multipliedBy(Watching.MISSES);

    /** A beat of the node is in each. */
    static final Duration STEP = Duration.ofMillis(500);

    private static final int MOST_STEPS = 400;

    private final AtomicLong nowNanos = new AtomicLong(Duration.ofDays(1).toNanos());
    final Watching watching;
    final HeartbeatDetector detector;
    final UdpMember process;

    SteppedWatching() throws IOException {
        watching = new Watching(Tuning.usual(), nowNanos::get);
        detector = watching.detector;
        process = new UdpMember("127.0.0.1", nowNanos::get);
        pass(STEP.multipliedBy(2));
    }

    MonitoredMember member(long incarnation) throws IOException {
        return Watching.member("payments", incarnation, HeartbeatMode.UDP, process.address(), INTERVAL);
    }

    /** Has it watched over, and waits until that has begun. */
    void monitor(MonitoredMember member) {
        detector.monitor(member);
        settle();
    }

    long now() {
        return nowNanos.get();
    }

    /** Time goes on by this much. */
    void pass(Duration time) {
        for (long left = time.dividedBy(STEP); left > 0; left--) {
            jump(STEP);
        }
    }

    /** Time goes on until this is so; returns by how much. */
    Duration passUntil(BooleanSupplier condition) {
        long began = nowNanos.get();
        for (int steps = 0; !condition.getAsBoolean(); steps++) {
            assertThat(steps).as("steps until it is so").isLessThan(MOST_STEPS);
            jump(STEP);
        }
        return Duration.ofNanos(nowNanos.get() - began);
    }

    /** Time goes on at once, as it does for a process that is stopped. */
    void jump(Duration time) {
        int beats = watching.beats();
        nowNanos.addAndGet(time.toNanos());
        soon().until(() -> watching.beats() > beats);
        settle();
    }

    /** Waits until everything that was sent has been heard, and answered, and the answers have been read. */
    void settle() {
        for (int passes = 0; passes < 2; passes++) {
            MonitorStats before = detector.stats();
            soon().untilAsserted(() -> assertThat(detector.stats()).isNotSameAs(before));
        }
        soon().until(() -> {
            MonitorStats stats = detector.stats();
            long reached = watching.answers().stream()
                    .filter(answer -> answer.finding().reached())
                    .count();
            long read = stats.acksReceived() + stats.strayAcks() + stats.forged() + stats.malformed() + reached;
            return process.received() == stats.pingsSent() + stats.confirmations() + stats.probesSent()
                    && process.answered() == read;
        });
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(GENEROUS);
    }

    @Override
    public void close() throws IOException {
        detector.close();
        process.close();
    }
}
