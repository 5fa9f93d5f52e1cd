package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.LeaveReason;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A member that is to end when its lease does. Its last confirmed ack is at 7 s, of 15 s. */
class RevokedMemberTest {
    private final MonitorTranscript node = new MonitorTranscript();

    private void confirmedUntilItIsRevoked(LeaveReason reason) {
        node.watches(MonitorTranscript.charge(1));
        node.until(8_000);
        node.forgetLines();
        node.monitor.revoked(MonitorTranscript.revoked(1, reason).member(), node.nowNanos());
    }

    @ParameterizedTest
    @EnumSource(names = {"EVICTED", "REPLACED"})
    void itGoesWhenItsLeaseIsOverThoughItAnswers(LeaveReason reason) {
        // given
        confirmedUntilItIsRevoked(reason);

        // when
        node.until(21_999);
        boolean early = !node.all("suspect").isEmpty();
        node.until(22_000);

        // then
        assertThat(early).isFalse();
        assertThat(node.all("suspect")).containsExactly("22000 suspect m-1 " + reason);
        assertThat(node.times("ping m-1")).contains(12_000L, 17_000L);
        assertThat(node.all("confirm")).isEmpty();
    }

    /** At whichever moment of a round the lease is over: the next round may be most of an interval away. */
    @ParameterizedTest
    @CsvSource({"8000, 22000", "9200, 24200", "10900, 25900"})
    void itIsToldEachSecondUntilItIsApplied(long lastAckMillis, long endMillis) {
        // given
        node.watches(MonitorTranscript.charge(1));
        node.until(lastAckMillis);
        if (lastAckMillis > 8_000) {
            node.acked(node.watch(1));
        }
        node.monitor.revoked(MonitorTranscript.revoked(1, LeaveReason.EVICTED).member(), node.nowNanos());

        // when
        node.until(endMillis + 6_000);

        // then
        List<Long> told = node.times("suspect m-1 EVICTED");
        assertThat(told.getFirst()).isEqualTo(endMillis);
        assertThat(told.getLast()).isGreaterThan(endMillis + 5_000);
        assertThat(IntStream.range(1, told.size()).mapToLong(i -> told.get(i) - told.get(i - 1)))
                .allMatch(gap -> gap <= 1_000);
        assertThat(node.all("assign")).isEmpty();
    }

    @Test
    void whoWasSuspectedBeforeIsNotTakenBackByAnAnswer() {
        // given
        confirmedUntilItIsRevoked(LeaveReason.EVICTED);
        node.until(22_500);

        // when
        node.acked(node.watch(1));
        node.until(23_000);

        // then
        assertThat(node.all("assign")).isEmpty();
        assertThat(node.times("suspect m-1 EVICTED")).containsExactly(22_000L, 23_000L);
    }

    /** A new member has no lease yet; one that was taken over has what the monitor before may have granted. */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 19800"})
    void whoWasNeverConfirmedHereWaitsForOthersOnly(int epoch, long goesMillis) {
        // given
        node.watchesSilent(MonitorTranscript.charge(1, epoch, 0, MonitorTranscript.POLICY));

        // when
        node.monitor.revoked(MonitorTranscript.revoked(1, LeaveReason.EVICTED).member(), node.nowNanos());
        node.until(goesMillis);

        // then
        assertThat(node.times("suspect m-1 EVICTED")).containsExactly(goesMillis);
    }

    @Test
    void whoIsRevokedWhenItsWatchBeginsIsNotConfirmedEither() {
        // when
        node.watches(MonitorTranscript.revoked(1, LeaveReason.REPLACED));
        node.until(0);

        // then
        assertThat(node.all("confirm")).isEmpty();
        assertThat(node.times("suspect m-1 REPLACED")).containsExactly(0L);
    }
}
