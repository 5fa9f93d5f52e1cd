package io.groupmembership.sidecar.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.sidecar.FakeMonitor;
import io.groupmembership.sidecar.ManualClock;
import io.groupmembership.sidecar.heartbeat.HeartbeatCounts.Fate;
import io.groupmembership.sidecar.member.MemberState;
import io.groupmembership.sidecar.member.StatusBoard;
import io.groupmembership.sidecar.member.StatusBoardAccess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real socket on either side; only the clock is the test's. */
class HeartbeatResponderTest {
    private static final long HASH = FakeMonitor.HASH;

    private final ManualClock clock = new ManualClock();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StatusBoard board =
            StatusBoard.withLease("payments/a", new PrintStream(out, true, StandardCharsets.UTF_8)::println, clock);
    private final AtomicInteger keysWanted = new AtomicInteger();
    private final MemberAnswers answers = new MemberAnswers(HASH, clock, board, keysWanted::incrementAndGet);
    private HeartbeatResponder responder;
    private LeaseWatch watch;
    private FakeMonitor monitor;

    @BeforeEach
    void open() throws IOException {
        responder = new HeartbeatResponder(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), answers);
        watch = new LeaseWatch(board, clock);
        monitor = new FakeMonitor(responder.address());
    }

    @AfterEach
    void close() throws IOException {
        responder.close();
        watch.close();
        monitor.close();
    }

    private void join(long incarnation) {
        StatusBoardAccess.member(board, incarnation, 3, "a");
        answers.adopt(incarnation, Optional.of(FakeMonitor.KEY));
    }

    private long count(Fate fate) {
        return answers.counts().of(fate);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private Datagram ackOf(long incarnation) throws IOException {
        monitor.ping(incarnation);
        return monitor.receive();
    }

    @Test
    void aPingIsAcknowledgedFieldByField() throws IOException {
        join(17);
        Datagram ack = ackOf(17);
        assertThat(ack.type()).isEqualTo(DatagramType.ACK);
        assertThat(ack.keyId()).isEqualTo(1);
        assertThat(ack.memberHash()).isEqualTo(HASH);
        assertThat(ack.incarnation()).isEqualTo(17);
        assertThat(ack.epoch()).isEqualTo(FakeMonitor.EPOCH);
        assertThat(ack.sequence()).isEqualTo(1);
        assertThat(ack.answeredSequence()).isEqualTo(monitor.sequence());
        assertThat(ack.memberSentNanos()).isEqualTo(clock.nanos());
        assertThat(ack.millis()).isZero();
        assertThat(ackOf(17).sequence()).isEqualTo(2);
        assertThat(board.now().state()).as("a ping extends nothing").isEqualTo(MemberState.JOINING);
    }

    @Test
    void anAckThatIsNotConfirmedIsSentAgainUntilOneIs() throws IOException {
        join(17);
        monitor.ping(17, 1_000);
        Datagram first = monitor.receive();
        clock.advance(Duration.ofSeconds(1));
        // the clock of the test jumps, and no wait of the system has noticed: a probe has the agent look at it
        monitor.probe(17, 77);

        Map<DatagramType, Datagram> received = new EnumMap<>(DatagramType.class);
        for (int i = 0; i < 2; i++) {
            Datagram answer = monitor.receive();
            received.put(answer.type(), answer);
        }
        assertThat(received).containsOnlyKeys(DatagramType.ACK, DatagramType.PROBE_ANSWER);
        Datagram again = Objects.requireNonNull(received.get(DatagramType.ACK));
        assertThat(again.answeredSequence()).isEqualTo(first.answeredSequence());
        assertThat(again.sequence()).isGreaterThan(first.sequence());
        assertThat(again.memberSentNanos()).isEqualTo(clock.nanos());

        monitor.confirm(again, 12_000);
        await().until(() -> board.now().state() == MemberState.MEMBER);
        assertThat(answers.nanosToRepeat()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aConfirmationGrantsTheLeaseFromTheSendingOfTheAckOn() throws IOException {
        join(17);
        Datagram ack = ackOf(17);
        clock.advance(Duration.ofSeconds(2));
        monitor.confirm(ack, 12_000);
        await().until(() -> board.now().state() == MemberState.MEMBER);
        assertThat(board.now().leaseEndsNanos())
                .isEqualTo(ack.memberSentNanos() + Duration.ofSeconds(10).toNanos());
        assertThat(board.now().leaseRemainingMillis()).isEqualTo(8_000);
    }

    @Test
    void aProbeIsAnsweredAndExtendsNothing() throws IOException {
        join(17);
        monitor.probe(17, 77);
        Datagram answer = monitor.receive();
        assertThat(answer.type()).isEqualTo(DatagramType.PROBE_ANSWER);
        assertThat(answer.answeredSequence()).isEqualTo(77);
        assertThat(board.now().state()).isEqualTo(MemberState.JOINING);
        assertThat(ackOf(17).sequence()).as("one counter for all answers").isEqualTo(2);
    }

    /** The machine was suspended: its boot clock has jumped, and no wait of the system has noticed. */
    @Test
    void aLeaseThatEndedInASuspensionIsNoticedWithoutADatagram() throws IOException {
        join(17);
        monitor.confirm(ackOf(17), 12_000);
        await().until(() -> board.now().state() == MemberState.MEMBER);

        clock.advance(Duration.ofHours(8));

        await().atMost(Duration.ofSeconds(2)).until(() -> lines().getLast().equals("fenced payments/a incarnation 17"));
        monitor.confirm(ackOf(17), 12_000);
        await().until(() -> board.now().state() == MemberState.MEMBER);
        assertThat(lines())
                .containsExactly(
                        "admitted payments/a incarnation 17 view 3 monitor node-1",
                        "member payments/a incarnation 17 view 3 monitor node-1",
                        "fenced payments/a incarnation 17",
                        "member payments/a incarnation 17 view 3 monitor node-1");
    }

    @Test
    void aConfirmationOfAnAckFromBeforeASuspensionLiftsNothing() throws IOException {
        join(17);
        monitor.confirm(ackOf(17), 12_000);
        await().until(() -> board.now().state() == MemberState.MEMBER);
        Datagram ack = ackOf(17);
        clock.advance(Duration.ofHours(8));
        monitor.confirm(ack, 12_000);
        await().until(() -> count(Fate.CONFIRMED) == 2);
        assertThat(board.now().state()).isEqualTo(MemberState.FENCED);
    }

    @Test
    void whatIsForOthersIsCountedAndNotAnswered() throws IOException {
        join(17);
        monitor.ping(16);
        monitor.ping(18);
        Datagram other = new Datagram();
        other.bePing(1, HASH + 1, 17, FakeMonitor.EPOCH, 9, 9, 0);
        monitor.send(other);
        assertThat(ackOf(17).answeredSequence()).isEqualTo(monitor.sequence());
        assertThat(count(Fate.STRANGE)).isEqualTo(3);
        assertThat(count(Fate.ANSWERED)).isEqualTo(1);
    }

    /** Reflection: what a member has sent comes back to it. */
    @Test
    void aMemberTakesNothingThatMembersSend() throws IOException {
        join(17);
        Datagram ack = ackOf(17);
        monitor.probe(17, 77);
        Datagram probeAnswer = monitor.receive();
        monitor.send(ack);
        monitor.send(probeAnswer);
        await().until(() -> count(Fate.STRANGE) == 2);
        assertThat(count(Fate.ANSWERED)).isEqualTo(2);
    }

    @Test
    void everyFlippedBitIsRefused() throws IOException {
        join(17);
        Datagram ping = new Datagram();
        ping.bePing(1, HASH, 17, FakeMonitor.EPOCH, 1, 9, 0);
        monitor.send(ping);
        assertThat(monitor.receive().answeredSequence()).isEqualTo(1);
        byte[] bytes = new byte[Datagram.BYTES];
        ping.toSend().get(bytes);
        for (int bit = 0; bit < Datagram.BYTES * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            monitor.send(changed);
            if (bit % 64 == 63) {
                int sent = bit + 1;
                await().until(() -> refused() == sent);
            }
        }
        assertThat(count(Fate.ANSWERED)).isEqualTo(1);
    }

    private long refused() {
        return count(Fate.MALFORMED) + count(Fate.STRANGE) + count(Fate.UNKNOWN_KEY) + count(Fate.FORGED);
    }

    @Test
    void randomBytesAndOtherLengthsAreNothing() throws IOException {
        join(17);
        Random random = new Random(4);
        for (int length : new int[] {0, 1, 48, 79, 80, 81, 160, 9_000}) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            monitor.send(bytes);
        }
        Datagram ping = new Datagram();
        ping.bePing(1, HASH, 17, FakeMonitor.EPOCH, 1, 9, 0);
        monitor.send(ping);
        byte[] good = new byte[Datagram.BYTES];
        ping.toSend().get(good);
        monitor.send(Arrays.copyOf(good, 79));
        monitor.send(Arrays.copyOf(good, 81));
        assertThat(monitor.receive().answeredSequence()).isEqualTo(1);
        await().until(() -> count(Fate.MALFORMED) == 10);
    }

    @Test
    void whatIsNotNewerIsNotAnswered() throws IOException {
        join(17);
        Datagram ping = new Datagram();
        ping.bePing(1, HASH, 17, FakeMonitor.EPOCH, 5, 9, 0);
        monitor.send(ping);
        monitor.receive();
        monitor.send(ping);
        await().until(() -> count(Fate.STALE) == 1);
        ping.bePing(1, HASH, 17, FakeMonitor.EPOCH - 1, 9, 9, 0);
        monitor.send(ping);
        await().until(() -> count(Fate.STALE) == 2);
        ping.bePing(1, HASH, 17, FakeMonitor.EPOCH + 1, 1, 9, 0);
        monitor.send(ping);
        assertThat(monitor.receive().epoch()).isEqualTo(FakeMonitor.EPOCH + 1);
    }

    @Test
    void aKeyThatIsNotKnownIsAskedForOnceInFiveSeconds() throws IOException {
        join(17);
        monitor.use(FakeMonitor.key(2));
        monitor.ping(16);
        monitor.ping(17);
        monitor.ping(17);
        await().until(() -> count(Fate.UNKNOWN_KEY) == 2);
        assertThat(keysWanted).hasValue(1);
        clock.advance(Duration.ofSeconds(5));
        monitor.ping(17);
        await().until(() -> keysWanted.get() == 2);

        answers.adopt(17, Optional.of(FakeMonitor.key(2)));
        assertThat(ackOf(17).keyId()).isEqualTo(2);
        monitor.use(FakeMonitor.KEY);
        assertThat(ackOf(17).keyId()).as("the one before serves too").isEqualTo(1);
        answers.adopt(17, Optional.of(FakeMonitor.key(3)));
        monitor.ping(17);
        await().until(() -> count(Fate.UNKNOWN_KEY) == 4);
    }

    @Test
    void whoIsNoMemberAnswersNothing() throws IOException {
        monitor.ping(0);
        monitor.ping(17);
        await().until(() -> count(Fate.STRANGE) == 2);
        join(17);
        ackOf(17);
        answers.end();
        monitor.ping(17);
        await().until(() -> count(Fate.STRANGE) == 3);
        answers.adopt(17, Optional.of(FakeMonitor.KEY));
        monitor.ping(17);
        await().until(() -> count(Fate.STRANGE) == 4);
        answers.adopt(18, Optional.of(FakeMonitor.KEY));
        assertThat(ackOf(18).sequence()).as("one counter for the whole process").isEqualTo(2);
    }
}
