package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.Evidence.Probe;
import io.groupmembership.membership.LeaveReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the record of a removal says of its cause. */
class MonitorEvidenceTest {
    private final MonitorTranscript node = new MonitorTranscript();

    private Evidence evidence(int number) {
        return node.monitor.evidence(node.watch(number), node.nowNanos(), Map.of("lateMillis", 3L));
    }

    @Test
    void aCrashIsShownByUnansweredRoundsAndByWhatTheOthersFound() {
        // given
        node.watches(MonitorTranscript.charge(1));
        node.watches(MonitorTranscript.charge(2));
        node.until(8_000);
        node.falls(1);
        node.until(20_000);
        node.finds("node-3", 1, false);
        node.until(20_500);
        node.finds("node-1", 1, true);

        // when
        node.until(22_100);

        // then
        assertThat(evidence(1))
                .isEqualTo(new Evidence(
                        15_100,
                        List.of(
                                new Probe("node-2", "udp", "no answer to 4 pings in each of 2 rounds"),
                                new Probe("node-3", "udp, tcp", "no answer to 3 pings, 2100 ms ago"),
                                new Probe("node-1", "udp, tcp", "reached it 1600 ms ago")),
                        Map.of(
                                "lateMillis",
                                3L,
                                "membersMonitored",
                                2L,
                                "membersSilent",
                                1L,
                                "leaseOverMillis",
                                100L)));
    }

    @Test
    void whoNeverAnsweredHasNoTimeOfAnAck() {
        // given
        node.watchesSilent(MonitorTranscript.charge(1));

        // when
        node.until(15_000);

        // then
        assertThat(evidence(1).lastAckMillisAgo()).isEqualTo(-1);
        assertThat(evidence(1).probes()).hasSize(1);
    }

    @Test
    void aRevokedMembersLeaseWasWaitedFor() {
        // given
        node.watches(MonitorTranscript.charge(1));
        node.until(8_000);
        node.monitor.revoked(MonitorTranscript.revoked(1, LeaveReason.EVICTED).member(), node.nowNanos());

        // when
        node.until(22_000);

        // then
        assertThat(evidence(1))
                .isEqualTo(new Evidence(
                        0,
                        List.of(new Probe("node-2", "lease", "waited for after a revoke")),
                        Map.of("lateMillis", 3L, "membersMonitored", 1L, "membersSilent", 0L, "leaseOverMillis", 0L)));
    }
}
