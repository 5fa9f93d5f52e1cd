package io.groupmembership.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What one node has to bear, at two and a half times the usual rate. Its figures are printed, not judged. */
@Tag("slow")
class ManyMembersTest {
    private static final int MEMBERS = Integer.getInteger("monitor.test.members", 20_000);
    private static final Duration INTERVAL = Duration.ofMillis(Long.getLong("monitor.test.intervalMillis", 2_000));
    private static final int ROUNDS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Test
    void membersThatAnswerAllStay() throws IOException {
        try (Watching watching = new Watching();
                DatagramChannel everyone = answerEverything()) {
            // Given
            int port = ((InetSocketAddress) everyone.getLocalAddress()).getPort();
            long heapBefore = usedHeap();
            // When
            LongStream.rangeClosed(1, MEMBERS)
                    .mapToObj(incarnation -> member(incarnation, port))
                    .forEach(watching.detector::monitor);
            // the first of them are confirmed before the last are known, so it takes a while
            await().atMost(LIMIT).until(() -> watching.detector.stats().acksReceived() >= MEMBERS);
            long cpuBefore = cpuNanosOfTheLoop();
            long began = System.nanoTime();
            long acksBefore = watching.detector.stats().acksReceived();
            await().atMost(LIMIT)
                    .until(() -> watching.detector.stats().acksReceived() >= acksBefore + (long) ROUNDS * MEMBERS);
            // Then
            print(watching.detector.stats(), cpuNanosOfTheLoop() - cpuBefore, System.nanoTime() - began);
            System.out.printf("%d bytes of heap a member%n", (usedHeap() - heapBefore) / MEMBERS);
            assertThat(watching.detector.stats().monitored()).isEqualTo(MEMBERS);
            assertThat(watching.detector.stats().reports()).isZero();
            assertThat(watching.detector.stats().confirmations()).isGreaterThanOrEqualTo((long) ROUNDS * MEMBERS);
            assertThat(watching.assignments()).isEmpty();
        }
    }

    private static MonitoredMember member(long incarnation, int port) {
        return Watching.member("payments", incarnation, HeartbeatMode.UDP, "127.0.0.1:" + port, INTERVAL);
    }

    /** One process in the place of all of them: what it knows of a member is in the ping. */
    private static DatagramChannel answerEverything() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 * 1024 * 1024);
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        HeartbeatKey[] keys =
                LongStream.rangeClosed(0, MEMBERS).mapToObj(UdpMember::keyOf).toArray(HeartbeatKey[]::new);
        Thread.ofPlatform().daemon().name("everyone").start(() -> {
            Datagram in = new Datagram();
            Datagram ack = new Datagram();
            DatagramSeal seal = new DatagramSeal();
            long sequence = 0;
            try {
                while (true) {
                    var monitor = channel.receive(in.toReceive());
                    if (in.type() == DatagramType.PING) {
                        ack.beAnswerTo(in, ++sequence, System.nanoTime());
                        seal.seal(ack, keys[(int) in.incarnation()]);
                        channel.send(ack.toSend(), monitor);
                    }
                }
            } catch (IOException e) {
                // The test is over, and the channel with it.
            }
        });
        return channel;
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long cpuNanosOfTheLoop() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().equals("monitor"))
                .mapToLong(info -> threads.getThreadCpuTime(info.getThreadId()))
                .sum();
    }

    private static void print(MonitorStats stats, long cpuNanos, long elapsedNanos) {
        System.out.printf(
                "%d udp members, a ping each %d ms: %.1f%% of a core over %.1f s, lag %d ms at most; %s%n",
                MEMBERS,
                INTERVAL.toMillis(),
                100.0 * cpuNanos / elapsedNanos,
                elapsedNanos / 1e9,
                stats.maxLoopLagMillis(),
                stats);
    }
}
