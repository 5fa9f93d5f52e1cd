package io.groupmembership.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.HeartbeatDatagram;
import io.groupmembership.protocol.HeartbeatMode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What one node has to bear, at two and a half times the usual rate. Its figures are printed, not judged. */
@Tag("slow")
class TwentyThousandMembersTest {
    private static final int MEMBERS = 20_000;
    private static final Duration INTERVAL = Duration.ofMillis(Long.getLong("monitor.test.intervalMillis", 2_000));
    private static final int ROUNDS = 3;
    private static final int TYPE_AT = 3;
    private static final byte ACK = 2;

    @Test
    void twentyThousandMembersThatAnswerAllStay() throws IOException {
        try (Watching watching = new Watching();
                DatagramChannel everyone = answerEverything()) {
            // Given
            int port = ((InetSocketAddress) everyone.getLocalAddress()).getPort();
            // When
            LongStream.rangeClosed(1, MEMBERS)
                    .mapToObj(incarnation -> member(incarnation, port))
                    .forEach(watching.detector::monitor);
            watching.awaitAcks(MEMBERS);
            long cpuBefore = cpuNanosOfTheLoop();
            long began = System.nanoTime();
            long acksBefore = watching.detector.stats().acksReceived();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> watching.detector.stats().acksReceived() >= acksBefore + (long) ROUNDS * MEMBERS);
            // Then
            print(watching.detector.stats(), cpuNanosOfTheLoop() - cpuBefore, System.nanoTime() - began);
            assertThat(watching.detector.stats().monitored()).isEqualTo(MEMBERS);
            assertThat(watching.detector.stats().reports()).isZero();
        }
    }

    private static MonitoredMember member(long incarnation, int port) {
        return new MonitoredMember(
                "default",
                "group-" + incarnation % 10,
                "member-" + incarnation,
                incarnation,
                1,
                HeartbeatMode.UDP,
                "127.0.0.1:" + port,
                INTERVAL,
                3,
                1);
    }

    private static DatagramChannel answerEverything() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 * 1024 * 1024);
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        Thread.ofPlatform().daemon().name("everyone").start(() -> {
            ByteBuffer datagram = ByteBuffer.allocateDirect(HeartbeatDatagram.BYTES);
            try {
                while (true) {
                    datagram.clear();
                    var monitor = channel.receive(datagram);
                    channel.send(datagram.put(TYPE_AT, ACK).flip(), monitor);
                }
            } catch (IOException e) {
                // The test is over, and the channel with it.
            }
        });
        return channel;
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
