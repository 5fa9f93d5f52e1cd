package io.groupmembership.node.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.api.RecoverRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoverDecisionTest {
    private static final String PEER = "demo-0.0b4d9f0e-5d1c-4f63-9f0e-1f1d8a6f0c11";
    private static final String CLUSTER = "c0ffee00-0000-4000-8000-000000000000";
    private static final Formation AT_2 = new Formation(CLUSTER, "demo", 2, true, 3);

    @Test
    void theNextEpochIsReachedWhereNobodyLeads() {
        assertThat(decide(Optional.empty(), PEER, CLUSTER, 3L)).isEqualTo(new RecoverDecision.Recover(3));
    }

    @Test
    void theSameAgainIsNoChange() {
        assertThat(decide(Optional.of("demo-0"), PEER, CLUSTER, 2L)).isEqualTo(new RecoverDecision.AlreadySo());
    }

    @ParameterizedTest
    @CsvSource({
        "demo-0.0b4d9f0e-5d1c-4f63-9f0e-1f1d8a6f0c12, c0ffee00-0000-4000-8000-000000000000, 3, this node is",
        "demo-0.0b4d9f0e-5d1c-4f63-9f0e-1f1d8a6f0c11, c0ffee00-0000-4000-8000-000000000001, 3, this volume is of",
        "demo-0.0b4d9f0e-5d1c-4f63-9f0e-1f1d8a6f0c11, c0ffee00-0000-4000-8000-000000000000, 1, the next is 3",
        "demo-0.0b4d9f0e-5d1c-4f63-9f0e-1f1d8a6f0c11, c0ffee00-0000-4000-8000-000000000000, 4, the next is 3",
    })
    void whoMeansSomethingElseIsRefused(String peerId, String clusterId, long epoch, String why) {
        assertThat(decide(Optional.empty(), peerId, clusterId, epoch))
                .isInstanceOfSatisfying(
                        RecoverDecision.Conflict.class,
                        conflict -> assertThat(conflict.detail()).contains(why));
    }

    @Test
    void aClusterThatHasALeaderIsNotRecovered() {
        assertThat(decide(Optional.of("demo-1"), PEER, CLUSTER, 3L))
                .isEqualTo(new RecoverDecision.Conflict(
                        "demo-1 leads, so a majority takes part: there is nothing to recover from"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, c0ffee00-0000-4000-8000-000000000000, 3, peerId",
                "p, -, 3, clusterId",
                "p, c0ffee00-0000-4000-8000-000000000000, -, recoveryEpoch",
                "p, c0ffee00-0000-4000-8000-000000000000, 0, recoveryEpoch",
                "p, c0ffee00-0000-4000-8000-000000000000, 8192, recoveryEpoch",
            })
    void aBadFieldIsNamed(@Nullable String peerId, @Nullable String clusterId, @Nullable Long epoch, String field) {
        assertThat(decide(Optional.empty(), peerId, clusterId, epoch))
                .isInstanceOfSatisfying(
                        RecoverDecision.Invalid.class,
                        invalid -> assertThat(invalid.field()).isEqualTo(field));
    }

    private static RecoverDecision decide(
            Optional<String> leader, @Nullable String peerId, @Nullable String clusterId, @Nullable Long epoch) {
        Volume volume = new Volume(1, "demo-0", PEER, AT_2, null);
        return RecoverDecision.of(volume, AT_2, leader, new RecoverRequest(peerId, clusterId, epoch));
    }
}
