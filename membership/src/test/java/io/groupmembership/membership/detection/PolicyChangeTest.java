package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A member whose last ack is at 7 s, of 15 s; at 8 s it falls, and the policy of its group is another. */
class PolicyChangeTest {
    private final MonitorTranscript node = new MonitorTranscript();

    private void changesTo(long intervalMillis, int misses) {
        GroupPolicy policy = new GroupPolicy(intervalMillis, misses, 1_000);
        node.monitor.policyChanged(TestCluster.PAYMENTS, policy, node.nowNanos());
    }

    /** Of what was granted and what the new policy asks for, the later. */
    @ParameterizedTest
    @CsvSource({"1000, 3, 22000", "5000, 3, 22000", "5000, 2, 22000", "5000, 4, 27000", "5000, 10, 57000"})
    void whatWasGrantedStaysGranted(long intervalMillis, int misses, long suspectedMillis) {
        // given
        node.watches(MonitorTranscript.charge(1));
        node.until(8_000);
        node.falls(1);

        // when
        changesTo(intervalMillis, misses);
        node.until(suspectedMillis - 1);
        boolean early = !node.all("suspect").isEmpty();
        node.until(suspectedMillis);

        // then
        assertThat(early).isFalse();
        assertThat(node.times("suspect m-1 CRASHED")).containsExactly(suspectedMillis);
    }

    @Test
    void fromThenOnItHoldsForConfirmationsAndRounds() {
        // given
        node.watches(MonitorTranscript.charge(1));
        node.until(7_500);
        node.forgetLines();

        // when
        changesTo(2_000, 4);
        node.until(11_000);

        // then
        assertThat(node.all("confirm")).containsExactly("9000 confirm m-1 for 8000", "11000 confirm m-1 for 8000");
    }

    /**
     * The last confirmation before it has a lease by the shorter interval: were the next ping to wait for the longer one,
     * the member would be fenced meanwhile. So the old times hold until an ack has been confirmed by the new policy.
     */
    @ParameterizedTest
    @CsvSource({"6100, false, 8000", "6100, true, 8400", "7000, false, 8000", "7000, true, 8400"})
    void aLongerIntervalHoldsFromTheNextAckOn(long changedMillis, boolean firstPingIsLost, long ackedMillis) {
        // given
        node.watches(MonitorTranscript.charge(1, 1, 0, new GroupPolicy(2_000, 3, 1_000)));
        node.until(changedMillis);
        node.forgetLines();

        // when
        changesTo(60_000, 3);
        if (firstPingIsLost) {
            node.falls(1);
            node.until(8_100);
            node.answersAgain(1);
        }
        node.until(100_000);

        // then
        assertThat(node.all("confirm"))
                .containsExactly(ackedMillis + " confirm m-1 for 180000", "68000 confirm m-1 for 180000");
    }

    @Test
    void anotherGroupsPolicyChangesNothing() {
        // given
        node.watches(MonitorTranscript.charge(1));

        // when
        node.monitor.policyChanged(TestCluster.ORDERS, new GroupPolicy(1_000, 3, 1_000), node.nowNanos());

        // then
        assertThat(node.watch(1).policy()).isEqualTo(MonitorTranscript.POLICY);
    }
}
