package io.groupmembership.membership.detection;

import static io.groupmembership.membership.detection.PeerProbe.Step.FAILED;
import static io.groupmembership.membership.detection.PeerProbe.Step.NOTHING;
import static io.groupmembership.membership.detection.PeerProbe.Step.PING;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.detection.PeerProbe.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A probe that begins at 100 s, of a member whose interval is 5 s. */
class PeerProbeTest {
    private static final long SECOND = 1_000_000_000;

    private final PeerProbe probe = new PeerProbe(5 * SECOND, 100 * SECOND);

    private List<Step> turnsUntil(long second) {
        List<Step> steps = new ArrayList<>();
        for (long nowNanos = probe.dueNanos(); nowNanos <= second * SECOND; nowNanos += SECOND) {
            steps.add(probe.turn(nowNanos));
        }
        return steps;
    }

    @Test
    void itPingsThreeTimesAFifthOfTheIntervalApartAndFailsAFifthAfterTheLast() {
        assertThat(turnsUntil(102)).containsExactly(PING, PING, PING);
        assertThat(probe.isDone()).isFalse();
        assertThat(turnsUntil(105)).containsExactly(FAILED, NOTHING, NOTHING);
        assertThat(probe.isDone()).isTrue();
    }

    @Test
    void aTurnBeforeItIsDueDoesNothing() {
        // given
        probe.turn(100 * SECOND);

        // then
        assertThat(probe.turn(101 * SECOND - 1)).isEqualTo(NOTHING);
        assertThat(probe.turn(101 * SECOND)).isEqualTo(PING);
    }

    @Test
    void theFirstAnswerIsNewsAndEndsIt() {
        // given
        turnsUntil(101);

        // then
        assertThat(probe.answered()).isTrue();
        assertThat(probe.answered()).isFalse();
        assertThat(turnsUntil(105)).containsOnly(NOTHING);
    }

    @Test
    void anAnswerAfterItFailedComesTooLate() {
        // given
        turnsUntil(103);

        // then
        assertThat(probe.answered()).isFalse();
    }
}
