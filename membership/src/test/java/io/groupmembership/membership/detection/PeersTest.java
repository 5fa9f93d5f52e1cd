package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the other nodes find counts. The member's last ack is at 7 s; it misses the rounds of 12 s and of 17 s. */
class PeersTest {
    private final MonitorTranscript node = new MonitorTranscript();

    @BeforeEach
    void itFallsAtEightSeconds() {
        node.watches(MonitorTranscript.charge(1));
        node.until(8_000);
        node.falls(1);
    }

    @Test
    void theyAreAskedWhenARoundWasMissed() {
        // when
        node.until(15_999);
        boolean early = !node.all("ask").isEmpty();
        node.until(21_000);

        // then
        assertThat(early).isFalse();
        assertThat(node.times("ask m-1")).containsExactly(16_000L, 21_000L);
        assertThat(node.monitor.missing()).containsValue(1);
    }

    /** The first ping of a round says nothing yet; that it is repeated does. */
    @Test
    void whoReachedItBecomesItsMonitorWhenTheNextPingIsNotAnswered() {
        // given
        node.until(16_500);

        // when
        node.finds("node-3", 1, true);
        node.until(17_999);
        boolean early = !node.all("assign").isEmpty();
        node.until(18_000);

        // then
        assertThat(early).isFalse();
        assertThat(node.times("assign m-1 to node-3 that heard it")).containsExactly(18_000L);
    }

    @Test
    void ifTheNextPingIsAnsweredNothingChanges() {
        // given
        node.until(16_500);
        node.finds("node-3", 1, true);

        // when
        node.answersAgain(1);
        node.until(40_000);

        // then
        assertThat(node.all("assign")).isEmpty();
        assertThat(node.all("suspect")).isEmpty();
        assertThat(node.watch(1).peers().all()).isEmpty();
    }

    @Test
    void theFirstThatReachedItIsTaken() {
        // given
        node.until(16_500);

        // when
        node.finds("node-1", 1, false);
        node.finds("node-3", 1, true);
        node.finds("node-1", 1, true);
        node.until(18_000);

        // then
        assertThat(node.all("assign")).containsExactly("18000 assign m-1 to node-1 that heard it");
    }

    /** Who is down can't monitor it; another that reached it can. */
    @Test
    void whoIsDownByThenIsPassedOver() {
        // given
        node.until(16_500);
        node.finds("node-1", 1, true);
        node.finds("node-3", 1, true);

        // when
        node.monitor.setOthers(List.of("node-2", "node-3"));
        node.until(18_000);

        // then
        assertThat(node.all("assign")).containsExactly("18000 assign m-1 to node-3 that heard it");
    }

    @ParameterizedTest
    @CsvSource({
        "16500, 1, node-3, true, assign",
        "16500, 1, node-3, false, suspect",
        "16500, 2, node-3, true, suspect",
        "16500, 0, node-3, true, suspect",
        "16500, 1, node-9, true, suspect",
        "11500, 1, node-3, true, suspect"
    })
    void onlyAFindingOfALiveNodeUnderThisEpochAfterAMissCounts(
            long foundMillis, int epoch, String by, boolean reached, String outcome) {
        // given
        node.until(foundMillis);

        // when
        node.monitor.probed(1, epoch, by, reached, node.nowNanos());
        node.until(22_000);

        // then
        assertThat(node.all(outcome)).isNotEmpty();
        assertThat(node.all(outcome.equals("assign") ? "suspect" : "assign")).isEmpty();
    }

    @Test
    void aFindingOfWhoIsNotWatchedIsIgnored() {
        // when
        node.monitor.probed(2, 1, "node-3", true, node.nowNanos());

        // then
        assertThat(node.monitor.find(2)).isNull();
    }
}
