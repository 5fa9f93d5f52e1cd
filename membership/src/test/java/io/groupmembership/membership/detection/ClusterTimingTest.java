package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.protocol.lease.Drift;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterTimingTest {
    /** L/1.2 less an interval must be more than 2.6 s in the one cluster, and than 1.35 s in the other. */
    @ParameterizedTest
    @CsvSource({
        "5000, 3, false, false",
        "5000, 2, false, false",
        "5000, 1, true, true",
        "3900, 2, true, false",
        "3901, 2, true, false",
        "3902, 2, false, false",
        "2000, 3, false, false",
        "1735, 3, false, false",
        "1733, 3, true, false",
        "1000, 3, true, false",
        "900, 3, true, true",
        "901, 3, true, false",
        "1000, 2, true, true",
        "500, 5, true, false",
        "200, 10, true, false",
        "100, 10, true, true",
        "60000, 1, true, true",
        "60000, 10, false, false"
    })
    void aPolicyIsRefusedWhereANodesDeathWouldFenceItsMembers(
            long intervalMillis, int misses, boolean refusedByUsual, boolean refusedByFast) {
        // given
        GroupPolicy policy = new GroupPolicy(intervalMillis, misses, 1_000);

        // then
        assertThat(ClusterTiming.USUAL.refuses(policy).isPresent()).isEqualTo(refusedByUsual);
        assertThat(ClusterTiming.FAST.refuses(policy).isPresent()).isEqualTo(refusedByFast);
    }

    @ParameterizedTest
    @CsvSource({"1000, 3, 1000 ms x 3, 2500 ms, 1500 ms", "5000, 1, 5000 ms x 1, 4166 ms, 0 ms"})
    void theRefusalSaysWhatIsLeftWhenItIsNeeded(
            long intervalMillis, int misses, String lease, String believed, String left) {
        // when
        String refusal = ClusterTiming.USUAL
                .refuses(new GroupPolicy(intervalMillis, misses, 1_000))
                .orElseThrow();

        // then
        assertThat(refusal)
                .contains("a lease of " + lease + " ", "believes " + believed + ",", "of which " + left + " are left")
                .endsWith("its monitor is replaced after 2600 ms");
    }

    @ParameterizedTest
    @CsvSource({
        "4000, 500, 2000, true",
        "4000, 500, 1000, true",
        "4000, 500, 999, false",
        "1701, 500, 1000, true",
        "1700, 500, 1000, false",
        "4000, 0, 2000, false",
        "4000, 2800, 5600, false"
    })
    void aClustersTimesOutlastALostBeatAndAnElection(
            long nodeLeaseMillis, long tickMillis, long nodeTimeoutMillis, boolean good) {
        if (good) {
            assertThat(new ClusterTiming(nodeLeaseMillis, tickMillis, nodeTimeoutMillis, Drift.BOUND).tickNanos())
                    .isEqualTo(tickMillis * 1_000_000);
        } else {
            assertThatThrownBy(() -> new ClusterTiming(nodeLeaseMillis, tickMillis, nodeTimeoutMillis, Drift.BOUND))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(" of " + tickMillis + " ms");
        }
    }
}
