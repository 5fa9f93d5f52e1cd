package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node may do with a lease of its own, of 4 s, and without. Rounds are at 2 s, 7 s, 12 s and so on. */
class MonitorLeaseTest {
    private static final long MILLI = 1_000_000;
    private static final long NONCE = 77;

    private final MonitorTranscript node = new MonitorTranscript();

    @ParameterizedTest
    @CsvSource({
        "1000, 1100, 1100, true",
        "1000, 1100, 4999, true",
        "1000, 1100, 5000, false",
        "1000, 4900, 4999, true",
        "1000, 4900, 5000, false",
        "1000, 5000, 5000, false"
    })
    void itIsCountedFromWhenTheNonceWasMade(long madeMillis, long appliedMillis, long nowMillis, boolean held) {
        // given
        NodeMonitor monitor = node.monitor;
        monitor.beat(NONCE, madeMillis * MILLI);
        assertThat(monitor.isLeaseHeld(appliedMillis * MILLI)).isFalse();

        // when
        monitor.ticked(NONCE);

        // then
        assertThat(monitor.isLeaseHeld(nowMillis * MILLI)).isEqualTo(held);
    }

    @Test
    void aNonceThatThisProcessDidNotMakeIsNoLease() {
        // given
        node.monitor.beat(NONCE, 0);

        // when
        node.monitor.ticked(NONCE + 1);

        // then
        assertThat(node.monitor.isLeaseHeld(0)).isFalse();
    }

    @Test
    void withoutALeaseNobodyIsPingedOrSuspected() {
        // given
        node.losesLease();

        // when
        node.watchesSilent(MonitorTranscript.charge(1));
        node.until(100_000);

        // then
        assertThat(node.all("")).isEmpty();
    }

    @Test
    void withoutALeaseNothingIsConfirmed() {
        // given
        node.losesLease();
        MemberWatch watch = node.watches(MonitorTranscript.charge(1));

        // when
        boolean counts = node.acked(watch);

        // then
        assertThat(counts).isTrue();
        assertThat(node.all("confirm")).isEmpty();
    }

    /** Two rounds were missed when the lease ran out: they say nothing when it is back. */
    @Test
    void whoIsSilentWhenTheLeaseComesBackHasAllItsRoundsAnew() {
        // given
        node.watches(MonitorTranscript.charge(1));
        node.until(8_000);
        node.falls(1);
        node.until(17_500);
        node.losesLease();
        node.until(60_500);
        List<Long> asked = node.times("ask m-1");
        node.forgetLines();

        // when
        node.getsLease();
        node.until(80_000);

        // then
        assertThat(asked).containsExactly(16_000L, 21_000L);
        assertThat(node.times("ping m-1")).startsWith(61_000L, 62_000L);
        assertThat(node.times("suspect m-1 CRASHED").getFirst()).isEqualTo(71_000);
    }
}
