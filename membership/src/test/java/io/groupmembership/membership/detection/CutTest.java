package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Command.Target;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.TestCluster;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three nodes, with groups whose interval is 5 s; beats come every 0.5 s, and count for 2 s. */
class CutTest {
    private static final long MILLI = 1_000_000;

    private final TestCluster cluster = TestCluster.withNodes(3);
    private final Cut cut = new Cut(ClusterTiming.USUAL);

    CutTest() {
        IntStream.rangeClosed(1, 4)
                .forEach(number -> cluster.in(TestCluster.PAYMENTS, TestCluster.agent("m-" + number, number)));
        cluster.in(TestCluster.ORDERS, TestCluster.agent("o-1", 11));
    }

    private void says(int node, int missingPayments, long millis) {
        Map<GroupKey, Integer> missing =
                missingPayments == 0 ? Map.of() : Map.of(TestCluster.PAYMENTS, missingPayments);
        cut.missing("node-" + node, missing, millis * MILLI);
    }

    private void allSayNoneMisses(long millis) {
        IntStream.rangeClosed(1, 3).forEach(node -> says(node, 0, millis));
    }

    private Target suspected(GroupKey group, String memberId, long millis) {
        Target target = TestCluster.target(group, cluster.member(group, memberId));
        cut.suspected(target, millis * MILLI);
        return target;
    }

    private List<String> dueAt(long millis) {
        return cut.due(cluster.state(), millis * MILLI).stream()
                .map(Target::memberId)
                .toList();
    }

    @Test
    void whoDiesAloneGoesAtOnce() {
        // given
        allSayNoneMisses(0);

        // when
        suspected(TestCluster.PAYMENTS, "m-1", 100);

        // then
        assertThat(dueAt(100)).containsExactly("m-1");
    }

    @Test
    void whoDiesWithOthersWaitsForThem() {
        // given
        allSayNoneMisses(0);
        says(2, 1, 100);

        // when
        suspected(TestCluster.PAYMENTS, "m-1", 200);
        List<String> whileOneMisses = dueAt(1_000);
        suspected(TestCluster.PAYMENTS, "m-2", 1_100);
        allSayNoneMisses(1_200);

        // then
        assertThat(whileOneMisses).isEmpty();
        assertThat(dueAt(1_200)).containsExactlyInAnyOrder("m-1", "m-2");
    }

    @Test
    void anotherGroupDoesNotWait() {
        // given
        allSayNoneMisses(0);
        says(2, 1, 100);

        // when
        suspected(TestCluster.PAYMENTS, "m-1", 200);
        suspected(TestCluster.ORDERS, "o-1", 200);

        // then
        assertThat(dueAt(300)).containsExactly("o-1");
    }

    /** The rounds of members that died at one instant end within an interval; the last is told with the next beat. */
    @ParameterizedTest
    @CsvSource({"5100, 0", "5599, 0", "5600, 1"})
    void nobodyWaitsForLongerThanAnIntervalAndATick(long atMillis, int due) {
        // given
        suspected(TestCluster.PAYMENTS, "m-1", 100);
        allSayNoneMisses(5_000);
        says(2, 1, 5_000);

        // then
        assertThat(dueAt(atMillis)).hasSize(due);
    }

    @Test
    void aNewLeaderHearsEveryLiveNodeFirst() {
        // given
        suspected(TestCluster.PAYMENTS, "m-1", 0);
        says(1, 0, 100);
        says(2, 0, 100);
        List<String> beforeTheThird = dueAt(200);

        // when
        says(3, 0, 300);

        // then
        assertThat(beforeTheThird).isEmpty();
        assertThat(dueAt(300)).containsExactly("m-1");
    }

    @Test
    void whatANodeSaidLongAgoDoesNotCountAndOneThatIsDownIsNotWaitedFor() {
        // given
        allSayNoneMisses(0);
        says(1, 0, 1_900);
        says(2, 0, 1_900);

        // when
        suspected(TestCluster.PAYMENTS, "m-1", 2_000);
        List<String> whileTheThirdIsSilent = dueAt(2_000);
        cluster.apply(cluster.nodeDown(3));
        suspected(TestCluster.PAYMENTS, "m-1", 2_100);

        // then
        assertThat(whileTheThirdIsSilent).isEmpty();
        assertThat(dueAt(2_100)).containsExactly("m-1");
    }

    @Test
    void whoWasRevokedGoesAtOnceWhoeverMisses() {
        // given
        says(2, 3, 0);
        cluster.apply(TestCluster.revoke(TestCluster.PAYMENTS, "m-1"));

        // when
        Target ended = cluster.ended(TestCluster.PAYMENTS, "m-1").targets().getFirst();
        cut.suspected(ended, 0);

        // then
        assertThat(ended.reason()).isNotEqualTo(LeaveReason.CRASHED);
        assertThat(dueAt(0)).containsExactly("m-1");
    }

    /** Proposals are lost with a leader, and with a queue that was full. */
    @Test
    void itIsProposedAgainWhereTheMonitorStillSaysSoASecondLater() {
        // given
        allSayNoneMisses(0);
        suspected(TestCluster.PAYMENTS, "m-1", 0);
        assertThat(dueAt(0)).hasSize(1);

        // when
        List<String> notTold = dueAt(1_500);
        suspected(TestCluster.PAYMENTS, "m-1", 1_600);

        // then
        assertThat(notTold).isEmpty();
        assertThat(dueAt(1_600)).containsExactly("m-1");
        assertThat(dueAt(1_700)).isEmpty();
    }

    @Test
    void whoIsOutOrHasAnotherMonitorIsForgotten() {
        // given
        allSayNoneMisses(0);
        says(1, 1, 0);
        Target out = suspected(TestCluster.PAYMENTS, "m-1", 0);
        suspected(TestCluster.PAYMENTS, "m-2", 0);
        cluster.apply(TestCluster.remove(out));
        Target moved = TestCluster.target(TestCluster.PAYMENTS, cluster.member(TestCluster.PAYMENTS, "m-2"));

        // when
        cut.suspected(
                new Target(
                        moved.group(),
                        moved.memberId(),
                        moved.incarnation(),
                        moved.assignmentEpoch() - 1,
                        moved.reason(),
                        moved.evidence()),
                0);
        allSayNoneMisses(100);

        // then
        assertThat(dueAt(100)).containsExactly("m-2");
    }
}
