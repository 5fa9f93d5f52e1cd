package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Command.Beat;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.TestCluster;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A leader since 0 s, of three nodes: a tick is 0.5 s, the node timeout 2 s. */
class NodeRollTest {
    private static final long MILLI = 1_000_000;
    private static final Set<String> CONFIGURED = Set.of("node-1", "node-2", "node-3");

    private final TestCluster cluster = TestCluster.withNodes(3);
    private final NodeRoll roll = new NodeRoll(ClusterTiming.USUAL, 0);
    private long nonces;

    private Beat beat(int node, long appliedIndex) {
        return new Beat("node-" + node, node, ++nonces, appliedIndex);
    }

    /** All of these beat as it should be, and the leader has its turn. */
    private List<Command> turn(long millis, int... nodes) {
        return turn(millis, cluster.state().nodes(), nodes);
    }

    private List<Command> turn(long millis, List<NodeRecord> records, int... nodes) {
        for (int node : nodes) {
            roll.heard(beat(node, millis), CONFIGURED, millis * MILLI);
        }
        return roll.turn(millis, records, millis * MILLI);
    }

    /** A turn every half second: the log has grown to as many entries as it is milliseconds. */
    private void turnsUntil(long millis, int... nodes) {
        for (long at = 0; at <= millis; at += 500) {
            turn(at, nodes);
        }
    }

    private static List<String> down(List<Command> proposals) {
        return proposals.stream()
                .filter(Command.NodeDown.class::isInstance)
                .map(proposal -> ((Command.NodeDown) proposal).nodeId())
                .toList();
    }

    private static List<Beat> ticked(List<Command> proposals) {
        return proposals.stream()
                .filter(Command.Tick.class::isInstance)
                .flatMap(proposal -> ((Command.Tick) proposal).beats().stream())
                .toList();
    }

    /** At 4 s what had been committed at 2 s is required. */
    @ParameterizedTest
    @CsvSource({"2, 1999, false", "2, 2000, true", "2, 4000, true", "2, 9000, true", "4, 4000, false"})
    void aBeatCountsOfAConfiguredNodeThatAppliedWhatWasCommittedANodeTimeoutAgo(
            int node, long appliedIndex, boolean counts) {
        // given
        turnsUntil(4_000);

        // when
        Beat beat = beat(node, appliedIndex);
        roll.heard(beat, CONFIGURED, 4_100 * MILLI);

        // then
        assertThat(roll.counts(beat, CONFIGURED)).isEqualTo(counts);
        assertThat(ticked(turn(4_500)).contains(beat)).isEqualTo(counts);
    }

    /** It does not know yet what was committed. */
    @Test
    void aNewLeaderRequiresNothing() {
        // when
        turnsUntil(1_500);

        // then
        assertThat(roll.counts(beat(2, 0), CONFIGURED)).isTrue();
    }

    @Test
    void aTickHasTheNewestBeatOfEachNodeOnce() {
        // given
        Beat older = beat(1, 0);
        Beat newer = beat(1, 0);
        Beat other = beat(2, 0);
        List.of(older, newer, other).forEach(beat -> roll.heard(beat, CONFIGURED, 0));

        // when
        List<Command> proposals = turn(0);

        // then
        assertThat(ticked(proposals)).containsExactlyInAnyOrder(newer, other);
        assertThat(turn(500)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"100, false", "499, false", "500, true", "700, true"})
    void ticksAreATickApart(long millis, boolean ticks) {
        // given
        assertThat(ticked(turn(0, 1))).hasSize(1);

        // when
        List<Command> proposals = turn(millis, 2);

        // then
        assertThat(ticked(proposals)).hasSize(ticks ? 1 : 0);
    }

    @Test
    void aBeatThatCameTooEarlyForATickWaitsForTheNext() {
        // given
        turn(0, 1);
        turn(100, 2);

        // when
        List<Command> proposals = turn(500);

        // then
        assertThat(ticked(proposals)).extracting(Beat::nodeId).containsExactly("node-2");
    }

    @ParameterizedTest
    @CsvSource({"6000, false", "6001, true"})
    void aLiveNodeIsDownAfterTheNodeTimeout(long millis, boolean isDown) {
        // given
        turnsUntil(4_000, 1, 2, 3);
        turn(5_000, 1, 2);

        // when
        List<Command> proposals = turn(millis, 1, 2);

        // then
        assertThat(down(proposals)).isEqualTo(isDown ? List.of("node-3") : List.of());
    }

    @Test
    void aNodeWhoseBeatsDoNotCountIsDownToo() {
        // given
        turnsUntil(4_000, 1, 2, 3);
        for (long at = 4_500; at <= 6_000; at += 500) {
            roll.heard(beat(3, 1_000), CONFIGURED, at * MILLI);
            turn(at, 1, 2);
        }

        // when
        List<Command> proposals = turn(6_500, 1, 2);

        // then
        assertThat(down(proposals)).containsExactly("node-3");
    }

    /** The liveness that it names is the one that this leader saw, so a node that came back is not meant. */
    @Test
    void itIsProposedAgainUntilItIsAppliedAndThenNoMore() {
        // given
        turnsUntil(4_000, 1, 2);
        List<Command> proposals = turn(4_500, 1, 2);
        assertThat(down(proposals)).containsExactly("node-3");
        assertThat(proposals).contains(cluster.nodeDown(3));

        // when
        List<Command> again = turn(5_000, 1, 2);
        cluster.apply(cluster.nodeDown(3));

        // then
        assertThat(down(again)).containsExactly("node-3");
        assertThat(down(turn(5_500, 1, 2))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2000, 0", "2001, 3"})
    void aNewLeaderCountsFromItsBeginning(long millis, int down) {
        // given
        turn(1_000);

        // when
        List<Command> proposals = turn(millis);

        // then
        assertThat(down(proposals)).hasSize(down);
    }

    /** More than four ticks without a turn are a pause, in which beats were not read. */
    @ParameterizedTest
    @CsvSource({"6000, 0", "6001, 0", "60000, 0"})
    void aLeaderThatWasPausedCountsFromThen(long backMillis, int down) {
        // given
        turnsUntil(4_000, 1, 2, 3);

        // when
        List<Command> atOnce = turn(backMillis);
        List<Command> later = turn(backMillis + 1_900);

        // then
        assertThat(down(atOnce)).hasSize(down);
        assertThat(down(later)).hasSize(backMillis == 6_000 ? 3 : 0);
    }

    @Test
    void aPauseOfFourTicksIsNone() {
        // given
        turnsUntil(4_000, 1, 2);

        // when
        List<Command> proposals = turn(6_000);

        // then
        assertThat(down(proposals)).containsExactly("node-3");
    }
}
