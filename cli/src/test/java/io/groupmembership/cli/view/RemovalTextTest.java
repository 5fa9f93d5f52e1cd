package io.groupmembership.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.api.Removal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RemovalTextTest {
    private static final String AT = "2026-01-01T00:00:00Z";

    @Test
    void aMemberThatNobodyReachedIsExplainedByWhoTried() {
        assertThat(text(
                        "crashed",
                        15_010L,
                        List.of(
                                new Removal.Probe("node-2", "udp", "no answer to 4 pings in each of 3 rounds"),
                                new Removal.Probe("node-1", "udp", "no answer to 3 pings, 9810 ms ago"),
                                new Removal.Probe("node-3", "udp", "no answer to 3 pings, 9790 ms ago"),
                                new Removal.Probe("node-2", "dns", "b.demo: unknown host")),
                        Map.of(
                                "acksLastWindow", 11L,
                                "leaseOverMillis", 12L,
                                "loopLagMillis", 3L,
                                "membersMonitored", 12L,
                                "membersSilent", 1L)))
                .isEqualTo("""
                        b is out of default/g since view 4: no answer to node-2, node-1, node-3

                        INCARNATION        9
                        REASON             crashed
                        REMOVED AT         2026-01-01T00:00:00Z
                        COMMITTED BY       node-1
                        MONITOR            node-2
                        LAST HEARD         15.0 s before
                        LEASE              over for 0.0 s
                        MONITOR'S HEALTH   1 of its 12 members silent, 11 answers in 5 s, at most 3 ms late

                        PROBED BY          PATH   WHEN           RESULT
                        node-2 (monitor)   udp    -              no answer to 4 pings in each of 3 rounds
                        node-1             udp    9.8 s before   no answer to 3 pings
                        node-3             udp    9.8 s before   no answer to 3 pings
                        node-2 (monitor)   dns    -              b.demo: unknown host""");
    }

    @Test
    void aNodeThatHadReachedTheMemberIsNamed() {
        assertThat(text(
                        "crashed",
                        null,
                        List.of(
                                new Removal.Probe("node-2", "udp", "no answer to 4 pings in each of 1 rounds"),
                                new Removal.Probe("node-3", "udp", "reached it 200 ms ago")),
                        Map.of("leaseOverMillis", -2_500L, "membersSilent", 1L, "later", 7L)))
                .isEqualTo("""
                        b is out of default/g since view 4: no answer to node-2, though node-3 had reached it

                        INCARNATION        9
                        REASON             crashed
                        REMOVED AT         2026-01-01T00:00:00Z
                        COMMITTED BY       node-1
                        MONITOR            node-2
                        LAST HEARD         never, by this monitor
                        LEASE              would have run for another 2.5 s
                        MONITOR'S HEALTH   1 member silent, later=7

                        PROBED BY          PATH   WHEN           RESULT
                        node-2 (monitor)   udp    -              no answer to 4 pings in each of 1 rounds
                        node-3             udp    0.2 s before   reached it""");
    }

    @Test
    void aRevokedMemberWasWaitedFor() {
        assertThat(text(
                        "evicted",
                        15_020L,
                        List.of(new Removal.Probe("node-2", "lease", "waited for after a revoke")),
                        Map.of("leaseOverMillis", 20L)))
                .isEqualTo("""
                        b is out of default/g since view 4: it was evicted

                        INCARNATION    9
                        REASON         evicted
                        REMOVED AT     2026-01-01T00:00:00Z
                        COMMITTED BY   node-1
                        MONITOR        node-2
                        LAST HEARD     15.0 s before
                        LEASE          over for 0.0 s

                        PROBED BY          PATH    WHEN   RESULT
                        node-2 (monitor)   lease   -      waited for after a revoke""");
    }

    @Test
    void aGoodbyeNeedsNoEvidence() {
        assertThat(text("left", null, List.of(), Map.of())).isEqualTo("""
                        b is out of default/g since view 4: it left

                        INCARNATION    9
                        REASON         left
                        REMOVED AT     2026-01-01T00:00:00Z
                        COMMITTED BY   node-1
                        MONITOR        node-2""");
    }

    @Test
    void theKubeletsWordIsTold() {
        List<Removal.Probe> probes = List.of(new Removal.Probe("operator", "kubelet", "exit code 137\u001b[2J"));
        assertThat(text("crashed", null, probes, Map.of()))
                .startsWith("b is out of default/g since view 4: its containers had ended\n")
                .endsWith("operator    kubelet   -      exit code 137?[2J");
    }

    private static String text(
            String reason, @Nullable Long lastAckMillisAgo, List<Removal.Probe> probes, Map<String, Long> figures) {
        Removal removal = new Removal("b", 9, 4, reason, "node-2", "node-1", AT, lastAckMillisAgo, probes, figures);
        return String.join("\n", new RemovalText("default/g", removal).lines());
    }
}
