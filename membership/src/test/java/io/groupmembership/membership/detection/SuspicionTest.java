package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A suspicion is a promise. The member's last ack is at 7 s, so its lease of 15 s is over at 22 s. */
class SuspicionTest {
    private final MonitorTranscript node = new MonitorTranscript();

    @BeforeEach
    void itFallsAtEightSeconds() {
        node.watches(MonitorTranscript.charge(1));
        node.until(8_000);
        node.falls(1);
    }

    @Test
    void itIsSaidWhenTheLeaseIsOver() {
        // when
        node.until(21_999);
        boolean early = !node.all("suspect").isEmpty();
        node.until(22_000);

        // then
        assertThat(early).isFalse();
        assertThat(node.times("suspect m-1 CRASHED")).containsExactly(22_000L);
        assertThat(node.monitor.missing()).isEmpty();
    }

    @Test
    void oneAckInBetweenBeginsTheLeaseAnew() {
        // given
        node.until(15_500);

        // when
        node.acked(node.watch(1));
        node.until(30_499);
        boolean early = !node.all("suspect").isEmpty();
        node.until(30_500);

        // then
        assertThat(early).isFalse();
        assertThat(node.times("suspect m-1 CRASHED")).containsExactly(30_500L);
    }

    @Test
    void itIsRepeatedEachSecondUntilItsOutcomeIsApplied() {
        // given
        node.until(30_500);
        List<Long> before = node.times("suspect m-1 CRASHED");

        // when
        node.monitor.gone(1);
        node.until(40_000);

        // then
        assertThat(before)
                .containsExactlyElementsOf(LongStream.rangeClosed(22, 30)
                        .mapToObj(second -> second * 1_000)
                        .toList());
        assertThat(node.times("suspect m-1 CRASHED")).isEqualTo(before);
    }

    @Test
    void whoAnswersAfterItIsNotConfirmedAndTheNodeAsksForANewEpochEachSecond() {
        // given
        node.until(22_500);
        node.forgetLines();

        // when
        node.acked(node.watch(1));
        node.answersAgain(1);
        node.until(26_500);

        // then
        assertThat(node.all("confirm")).isEmpty();
        assertThat(node.all("suspect")).isEmpty();
        assertThat(node.times("assign m-1 to node-2 that heard it"))
                .containsExactly(22_500L, 23_000L, 24_000L, 25_000L, 26_000L);
    }

    @Test
    void onlyANewEpochTakesItBack() {
        // given
        node.until(22_500);
        node.answersAgain(1);
        node.until(23_500);
        node.forgetLines();

        // when
        node.watches(MonitorTranscript.charge(1, 2, 0, MonitorTranscript.POLICY));
        node.until(24_000);

        // then
        assertThat(node.all("")).containsExactly("23500 ping m-1", "23500 confirm m-1 for 15000");
    }

    /** Without a lease of its own the node may not confirm; that is no promise. */
    @Test
    void whoIsNotSuspectedIsConfirmedAgainUnderItsEpoch() {
        // given
        node.until(12_000);
        node.losesLease();
        node.until(20_000);
        node.forgetLines();

        // when
        node.getsLease();
        node.answersAgain(1);
        node.until(21_000);

        // then
        assertThat(node.all("")).containsExactly("21000 ping m-1", "21000 confirm m-1 for 15000");
    }
}
