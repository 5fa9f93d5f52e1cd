package io.groupmembership.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.node.monitor.HeartbeatDetector.Tuning;
import io.groupmembership.protocol.HeartbeatMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A detector on a free port, and what it reported. */
final class Watching implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofMillis(100);
    static final int MISSES = 3;
    static final Duration GENEROUS = Duration.ofSeconds(20);

    private final ConcurrentLinkedQueue<SilentMember> reports = new ConcurrentLinkedQueue<>();
    final HeartbeatDetector detector;

    Watching() throws IOException {
        this(Tuning.usual());
    }

    Watching(Tuning tuning) throws IOException {
        detector = HeartbeatDetector.open(new InetSocketAddress(0), reports::addAll, tuning);
    }

    static MonitoredMember member(long incarnation, HeartbeatMode mode, String address) {
        return new MonitoredMember(
                "default", "payments", "m" + incarnation, incarnation, 1, mode, address, INTERVAL, MISSES, 7);
    }

    static MonitoredMember withEpoch(MonitoredMember m, int epoch) {
        return new MonitoredMember(
                m.namespace(),
                m.group(),
                m.memberId(),
                m.incarnation(),
                epoch,
                m.mode(),
                m.heartbeatAddress(),
                m.interval(),
                m.misses(),
                m.view());
    }

    static MonitoredMember withInterval(MonitoredMember m, Duration interval) {
        return new MonitoredMember(
                m.namespace(),
                m.group(),
                m.memberId(),
                m.incarnation(),
                m.assignmentEpoch(),
                m.mode(),
                m.heartbeatAddress(),
                interval,
                m.misses(),
                m.view());
    }

    static void assumeIpv6Loopback() {
        boolean there = true;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            assertThat(socket.isBound()).isTrue();
        } catch (IOException e) {
            there = false;
        }
        assumeThat(there).as("this machine has an IPv6 loopback").isTrue();
    }

    List<SilentMember> reportsOf(long incarnation) {
        return reports.stream()
                .filter(report -> report.member().incarnation() == incarnation)
                .toList();
    }

    SilentMember awaitReportOf(long incarnation) {
        await().atMost(GENEROUS).until(() -> !reportsOf(incarnation).isEmpty());
        return reportsOf(incarnation).getFirst();
    }

    /** Waits until this many further answers have come in, of whichever members. */
    void awaitAcks(int further) {
        long before = detector.stats().acksReceived();
        await().atMost(GENEROUS).until(() -> detector.stats().acksReceived() >= before + further);
    }

    void awaitMonitored(int members) {
        await().atMost(GENEROUS)
                .untilAsserted(() -> assertThat(detector.stats().monitored()).isEqualTo(members));
    }

    @Override
    public void close() {
        detector.close();
    }
}
