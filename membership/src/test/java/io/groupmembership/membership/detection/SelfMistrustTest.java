package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A node that hears of none of many mistrusts itself. All last acked at 7 s, so their leases of 15 s are over at 22 s;
 * one interval later nobody's answer is waited for any more.
 */
class SelfMistrustTest {
    private final MonitorTranscript node = new MonitorTranscript();

    private void watchesManyWhichFall(int members, int unheardMoves) {
        IntStream.rangeClosed(1, members)
                .forEach(number ->
                        node.watches(MonitorTranscript.charge(number, 1, unheardMoves, MonitorTranscript.POLICY)));
        node.until(8_000);
        IntStream.rangeClosed(1, members).forEach(node::falls);
    }

    @ParameterizedTest
    @CsvSource({"7, 0, true", "8, 0, false", "20, 0, false", "8, 2, false", "8, 3, true"})
    void silenceOfAllOfManyIsItsOwnFaultUnlessTheyWereMovedUnheardThrice(
            int members, int unheardMoves, boolean suspects) {
        // given
        watchesManyWhichFall(members, unheardMoves);

        // when
        node.until(22_000);

        // then
        assertThat(node.all("suspect")).hasSize(suspects ? members : 0);
        assertThat(node.all("assign")).isEmpty();
    }

    @Test
    void afterAnIntervalItHandsThemOverToTheNextNode() {
        // given
        watchesManyWhichFall(8, 0);

        // when
        node.until(26_999);
        boolean early = !node.all("assign").isEmpty();
        node.until(27_000);

        // then
        assertThat(early).isFalse();
        assertThat(node.all("assign")).hasSize(8).contains("27000 assign m-1 to node-3");
        assertThat(node.all("suspect")).isEmpty();
    }

    @Test
    void oneThatAnswersShowsThatTheOthersAreGone() {
        // given
        watchesManyWhichFall(8, 0);

        // when
        node.answersAgain(8);
        node.until(22_000);

        // then
        assertThat(node.all("suspect")).hasSize(7);
    }

    @ParameterizedTest
    @CsvSource({"true, true, 1", "true, false, 0", "false, false, 0"})
    void aMemberThatEveryOtherLiveNodeFailedToReachIsSuspected(boolean first, boolean third, int suspected) {
        // given
        watchesManyWhichFall(8, 0);
        node.until(20_000);

        // when
        if (first) {
            node.finds("node-1", 4, false);
        }
        if (third) {
            node.finds("node-3", 4, false);
        }
        node.until(22_000);

        // then
        assertThat(node.times("suspect m-4 CRASHED")).hasSize(suspected);
        assertThat(node.all("suspect")).hasSize(suspected);
    }

    @Test
    void aNodeThatIsDownNeedNotHaveFailed() {
        // given
        watchesManyWhichFall(8, 0);
        node.until(20_000);
        node.finds("node-1", 4, false);

        // when
        node.monitor.setOthers(List.of("node-1"));
        node.until(22_000);

        // then
        assertThat(node.all("suspect")).containsExactly("22000 suspect m-4 CRASHED");
    }

    /** There is nobody to hand them to, and nobody who could know better. */
    @Test
    void theOnlyLiveNodeSuspects() {
        // given
        watchesManyWhichFall(8, 0);

        // when
        node.monitor.setOthers(List.of());
        node.until(22_000);

        // then
        assertThat(node.all("suspect")).hasSize(8);
    }

    @Test
    void whoWasSuspectedWhileOthersWereHeardStaysSuspected() {
        // given
        watchesManyWhichFall(8, 0);
        node.answersAgain(8);
        node.until(24_500);
        assertThat(node.all("suspect m-1")).hasSize(3);
        node.forgetLines();

        // when
        node.falls(8);
        node.until(32_000);

        // then
        assertThat(node.monitor
                        .evidence(node.watch(1), node.nowNanos(), Map.of())
                        .monitorHealth())
                .containsEntry("membersSilent", 8L);
        assertThat(node.all("suspect m-1")).hasSize(8);
        assertThat(node.all("assign m-1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"node-2, node-3", "node-3, node-1", "node-0, node-1"})
    void theNextNodeIsTheOneAfterByNameAroundTheCircle(String nodeId, String next) {
        // given
        OtherNodes others = new OtherNodes(nodeId);

        // when
        others.set(List.of("node-3", "node-1", nodeId));

        // then
        assertThat(others.next()).contains(next);
    }

    @Test
    void whoIsAloneHasNoNext() {
        // given
        OtherNodes others = new OtherNodes("node-2");
        others.set(List.of("node-1"));

        // when
        others.set(List.of("node-2"));

        // then
        assertThat(others.next()).isEmpty();
    }
}
