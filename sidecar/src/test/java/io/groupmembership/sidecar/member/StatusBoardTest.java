package io.groupmembership.sidecar.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.heartbeat.DatagramPath;
import io.groupmembership.sidecar.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The lease ends one second after it was confirmed. */
class StatusBoardTest {
    private static final Duration LEASE = Duration.ofSeconds(1);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ManualClock clock = new ManualClock();
    private final StatusBoard board =
            StatusBoard.withLease("payments/a", new PrintStream(out, true, StandardCharsets.UTF_8)::println, clock);
    private final List<String> told = new ArrayList<>();

    StatusBoardTest() {
        board.tells(new StatusBoard.Listener() {
            @Override
            public void believes(long incarnation) {
                told.add("believes " + incarnation);
            }

            @Override
            public void fenced(long incarnation) {
                told.add("fenced " + incarnation);
            }
        });
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void confirm(long incarnation) {
        board.confirmed(incarnation, clock.nanos() + LEASE.toNanos(), DatagramPath.UDP);
    }

    private MemberState state() {
        return board.now().state();
    }

    @Test
    void beliefBeginsWithTheFirstConfirmation() {
        board.joining(UUID.randomUUID());
        board.admitted(17, 3, "node-1");
        board.view(3, "a");
        assertThat(state()).isEqualTo(MemberState.JOINING);
        assertThat(board.now().leads("a")).isFalse();
        assertThat(board.now().leaseRemainingMillis()).isNull();
        assertThat(told).isEmpty();

        confirm(17);

        assertThat(state()).isEqualTo(MemberState.MEMBER);
        assertThat(board.now().leads("a")).isTrue();
        assertThat(board.now().leaseRemainingMillis()).isEqualTo(1_000);
        assertThat(board.now().leaseEndsNanos()).isEqualTo(clock.nanos() + LEASE.toNanos());
        assertThat(told).containsExactly("believes 17");
        assertThat(lines())
                .containsExactly(
                        "joining payments/a",
                        "admitted payments/a incarnation 17 view 3 monitor node-1",
                        "member payments/a incarnation 17 view 3 monitor node-1");
    }

    @Test
    void whoAsksIsToldOfTheFenceBeforeAnybodyHasLooked() {
        board.admitted(17, 3, "node-1");
        board.view(3, "a");
        confirm(17);
        clock.advance(LEASE.minusNanos(1));
        assertThat(state()).isEqualTo(MemberState.MEMBER);
        clock.advance(Duration.ofNanos(1));
        assertThat(state()).isEqualTo(MemberState.FENCED);
        assertThat(board.now().leads("a")).isFalse();
        assertThat(board.now().leaseRemainingMillis()).isZero();
        assertThat(told).containsExactly("believes 17");
    }

    @Test
    void theFenceIsToldOnceAndAFreshConfirmationLiftsIt() {
        board.admitted(17, 3, "node-1");
        confirm(17);
        board.fenceIfOver();
        clock.advance(LEASE);
        board.fenceIfOver();
        board.fenceIfOver();
        confirm(17);
        confirm(17);
        assertThat(told).containsExactly("believes 17", "fenced 17", "believes 17");
        assertThat(lines().subList(1, 4))
                .containsExactly(
                        "member payments/a incarnation 17 view 3 monitor node-1",
                        "fenced payments/a incarnation 17",
                        "member payments/a incarnation 17 view 3 monitor node-1");
    }

    @Test
    void afterAPauseTheFenceComesBeforeAllNews() {
        board.admitted(17, 3, "node-1");
        confirm(17);
        clock.advance(Duration.ofHours(1));
        confirm(17);
        assertThat(told).containsExactly("believes 17", "fenced 17", "believes 17");
        clock.advance(Duration.ofHours(1));
        board.removed(4, "crashed");
        assertThat(lines().subList(4, 6))
                .containsExactly(
                        "fenced payments/a incarnation 17", "removed payments/a incarnation 17 view 4 reason crashed");
        assertThat(board.now().leaseEndsNanos()).isNull();
    }

    @Test
    void aConfirmationThatIsLateOrForAnotherIncarnationChangesNothing() {
        board.admitted(17, 3, "node-1");
        board.confirmed(17, clock.nanos(), DatagramPath.UDP);
        board.confirmed(16, clock.nanos() + 1, DatagramPath.UDP);
        assertThat(state()).isEqualTo(MemberState.JOINING);
        confirm(17);
        board.removed(4, "crashed");
        confirm(17);
        assertThat(state()).isEqualTo(MemberState.REMOVED);
        board.joining(UUID.randomUUID());
        board.admitted(18, 6, "node-1");
        assertThat(state()).isEqualTo(MemberState.JOINING);
    }

    @Test
    void whoWaitsMissesNoChange() throws InterruptedException {
        long number = board.awaitChanges(-1, LEASE).getFirst().number();
        board.admitted(17, 3, "node-1");
        confirm(17);
        clock.advance(LEASE);
        confirm(17);
        assertThat(board.awaitChanges(number, LEASE))
                .extracting(StatusBoard.Change::state)
                .containsExactly(MemberState.MEMBER, MemberState.FENCED, MemberState.MEMBER);
    }

    @Test
    void aMemberWithoutLeasesIsOneFromTheJoinOn() {
        StatusBoard without =
                StatusBoard.withoutLease("payments/a", new PrintStream(out, true, StandardCharsets.UTF_8)::println);
        without.admitted(17, 3, "node-1");
        assertThat(without.now().state()).isEqualTo(MemberState.MEMBER);
        assertThat(without.now().leaseRemainingMillis()).isNull();
        without.fenceIfOver();
        assertThat(without.now().state()).isEqualTo(MemberState.MEMBER);
    }
}
