package io.groupmembership.node.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.api.FormRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormDecisionTest {
    private static final String PEER = "demo-0.0b4d9f0e-5d1c-4f63-9f0e-1f1d8a6f0c11";
    private static final String CLUSTER = "c0ffee00-0000-4000-8000-000000000000";
    private static final String OTHER_CLUSTER = "c0ffee00-0000-4000-8000-000000000001";
    private static final Formation FORMATION = new Formation(CLUSTER, "demo", 0, true, 3);

    @Test
    void anEmptyVolumeIsFormedAsAsked() {
        assertThat(FormDecision.of(volume(null), request(PEER, CLUSTER, 0, true)))
                .isEqualTo(new FormDecision.Form(FORMATION));
    }

    @Test
    void theSameAgainIsNoChange() {
        assertThat(FormDecision.of(volume(FORMATION), request(PEER, CLUSTER, 0, true)))
                .isEqualTo(new FormDecision.AlreadySo());
    }

    @ParameterizedTest
    @CsvSource({
        PEER + ", " + OTHER_CLUSTER + ", 0, true",
        PEER + ", " + CLUSTER + ", 1, true",
        PEER + ", " + CLUSTER + ", 0, false",
    })
    void aVolumeIsOfOneClusterForGood(String peerId, String clusterId, long epoch, boolean founder) {
        assertThat(FormDecision.of(volume(FORMATION), request(peerId, clusterId, epoch, founder)))
                .isInstanceOf(FormDecision.Conflict.class)
                .asString()
                .contains("already of cluster " + CLUSTER);
    }

    @Test
    void aRequestThatMeansTheVolumeThatWasThereBeforeIsRefused() {
        String before = "demo-0.0b4d9f0e-5d1c-4f63-9f0e-1f1d8a6f0c12";
        assertThat(FormDecision.of(volume(null), request(before, CLUSTER, 0, true)))
                .isEqualTo(new FormDecision.Conflict("this node is " + PEER + ", and not " + before));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, c0ffee00-0000-4000-8000-000000000000, demo, 0, true, 3, peerId",
                "p, -, demo, 0, true, 3, clusterId",
                "p, C0FFEE00-0000-4000-8000-000000000000, demo, 0, true, 3, clusterId",
                "p, 1, demo, 0, true, 3, clusterId",
                "p, c0ffee00-0000-4000-8000-000000000000, -, 0, true, 3, clusterName",
                "p, c0ffee00-0000-4000-8000-000000000000, a b, 0, true, 3, clusterName",
                "p, c0ffee00-0000-4000-8000-000000000000, demo, -, true, 3, recoveryEpoch",
                "p, c0ffee00-0000-4000-8000-000000000000, demo, -1, true, 3, recoveryEpoch",
                "p, c0ffee00-0000-4000-8000-000000000000, demo, 8192, true, 3, recoveryEpoch",
                "p, c0ffee00-0000-4000-8000-000000000000, demo, 0, -, 3, founder",
                "p, c0ffee00-0000-4000-8000-000000000000, demo, 0, true, -, minimumPeers",
                "p, c0ffee00-0000-4000-8000-000000000000, demo, 0, true, 0, minimumPeers",
                "p, c0ffee00-0000-4000-8000-000000000000, demo, 0, true, 8, minimumPeers",
            })
    void aBadFieldIsNamed(
            @Nullable String peerId,
            @Nullable String clusterId,
            @Nullable String clusterName,
            @Nullable Long epoch,
            @Nullable Boolean founder,
            @Nullable Integer minimumPeers,
            String field) {
        FormRequest request = new FormRequest(peerId, clusterId, clusterName, epoch, founder, minimumPeers);
        assertThat(FormDecision.of(volume(null), request))
                .isInstanceOfSatisfying(
                        FormDecision.Invalid.class,
                        invalid -> assertThat(invalid.field()).isEqualTo(field));
    }

    private static Volume volume(@Nullable Formation formation) {
        return new Volume(1, "demo-0", PEER, formation, null);
    }

    private static FormRequest request(String peerId, String clusterId, long epoch, boolean founder) {
        return new FormRequest(peerId, clusterId, "demo", epoch, founder, 3);
    }
}
