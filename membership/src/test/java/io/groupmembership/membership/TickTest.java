package io.groupmembership.membership;

import static io.groupmembership.membership.TestCluster.PAYMENTS;
import static io.groupmembership.membership.TestCluster.agent;
import static io.groupmembership.membership.TestCluster.beat;
import static io.groupmembership.membership.TestCluster.nodeUp;
import static io.groupmembership.membership.TestCluster.tick;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TickTest {
    private static final long NOTHING_APPLIED = -1;

    private final TestCluster cluster = TestCluster.withNodes(2);

    /** Six members, and the first processes of both nodes. */
    @BeforeEach
    void aClusterAtWork() {
        cluster.apply(tick(beat(1, 11, NOTHING_APPLIED), beat(2, 21, NOTHING_APPLIED)));
        for (int i = 0; i < 6; i++) {
            cluster.in(PAYMENTS, agent("m" + i, 1));
        }
        assertThat(cluster.state().nodes())
                .allSatisfy(node -> assertThat(node.members()).isPositive());
        cluster.assigned.clear();
        cluster.ticks.clear();
        cluster.nodeChanges.clear();
    }

    private NodeRecord node(int number) {
        return cluster.state().node("node-" + number).orElseThrow();
    }

    private List<Member> monitoredBy(int number) {
        List<Member> members = new ArrayList<>();
        cluster.state().forEachMonitoredBy(number - 1, (group, member) -> members.add(member));
        return members;
    }

    @Test
    void aBeatOfTheSameProcessIsHeardAndChangesNothing() {
        Facts before = Facts.of(cluster.state());
        assertThat(cluster.apply(tick(beat(2, 21, 5), beat(1, 11, 5)))).isEqualTo(new Result.Done());
        assertThat(cluster.ticks).containsExactly("node-2 1021", "node-1 1011");
        assertThat(Facts.of(cluster.state())).isEqualTo(before);
        assertThat(cluster.assigned).isEmpty();
        assertThat(cluster.nodeChanges).isEmpty();
        assertThat(cluster.apply(tick())).isEqualTo(new Result.Done());
    }

    @Test
    void aNodeThatNobodyKnowsIsSkipped() {
        cluster.apply(tick(beat(7, 71, 5), beat(1, 11, 5)));
        assertThat(cluster.ticks).containsExactly("node-1 1011");
        assertThat(cluster.state().node("node-7")).isEmpty();
    }

    @Test
    void anotherProcessOfANodeGivesItsMembersANewEpochAndMovesNone() {
        List<Member> before = monitoredBy(1);
        List<Member> others = monitoredBy(2);

        cluster.apply(tick(beat(1, 12, NOTHING_APPLIED), beat(2, 21, NOTHING_APPLIED)));

        assertThat(cluster.nodeChanges).containsExactly(node(1).withMembers(before.size()));
        assertThat(node(1).bootId()).isEqualTo(12);
        assertThat(node(1).liveness()).isEqualTo(1);
        assertThat(node(1).members()).isEqualTo(before.size());
        assertThat(monitoredBy(1))
                .containsExactlyElementsOf(
                        before.stream().map(member -> member.assignedTo(0)).toList())
                .allSatisfy(member -> assertThat(member.assignmentEpoch()).isEqualTo(2));
        assertThat(cluster.assigned).isEqualTo(monitoredBy(1));
        assertThat(monitoredBy(2)).isEqualTo(others);
        assertThat(cluster.view(PAYMENTS)).isEqualTo(6);
    }

    /** What a process before this one found out, or promised, is nothing that this one knows of. */
    @Test
    void aRemovalByTheProcessBeforeIsSkipped() {
        Member member = monitoredBy(1).getFirst();
        cluster.apply(tick(beat(1, 12, NOTHING_APPLIED)));
        assertThat(cluster.apply(TestCluster.remove(TestCluster.target(PAYMENTS, member))))
                .isEqualTo(new Result.Removed(0));
    }

    @Test
    void theBeatIsHeardAfterTheNewEpochs() {
        List<String> heard = new ArrayList<>();
        Request tick = new Request(java.util.Optional.empty(), tick(beat(1, 12, NOTHING_APPLIED)));
        List<Result> ignored = cluster.state()
                .apply(new Entry("node-1", 1, new Batch(7, 1, 1, List.of(tick))), 1_000, new EventSink() {
                    @Override
                    public void assigned(GroupKey group, Member member) {
                        heard.add("assigned");
                    }

                    @Override
                    public void ticked(String nodeId, long nonce) {
                        heard.add("ticked");
                    }
                });
        assertThat(heard).hasSizeGreaterThan(1).endsWith("ticked").containsOnlyOnce("ticked");
    }

    @Test
    void anotherProcessOutlivesARestartOfTheCluster() {
        cluster.apply(tick(beat(1, 12, NOTHING_APPLIED)));
        cluster.restart();
        cluster.assigned.clear();
        cluster.apply(tick(beat(1, 12, NOTHING_APPLIED)));
        assertThat(cluster.assigned).isEmpty();
    }

    @Test
    void aNodeThatIsDownComesBackByABeatOnlyWhenItHasAppliedThatItIs() {
        cluster.apply(cluster.nodeDown(1));
        long downIndex = cluster.state().appliedIndex();
        assertThat(node(1).downIndex()).isEqualTo(downIndex);
        assertThat(monitoredBy(1)).isEmpty();
        cluster.nodeChanges.clear();

        cluster.apply(tick(beat(1, 11, downIndex - 1)));
        assertThat(node(1).live()).isFalse();
        assertThat(cluster.nodeChanges).isEmpty();
        assertThat(cluster.ticks).containsExactly("node-1 1011");

        cluster.apply(tick(beat(1, 11, downIndex)));
        assertThat(node(1).live()).isTrue();
        assertThat(node(1).liveness()).isEqualTo(2);
        assertThat(cluster.nodeChanges)
                .singleElement()
                .satisfies(node -> assertThat(node.nodeId()).isEqualTo("node-1"));
        assertThat(monitoredBy(1))
                .isNotEmpty()
                .allSatisfy(member -> assertThat(member.assignmentEpoch()).isEqualTo(3));
    }

    @Test
    void whatWasSaidOfANodeBeforeItCameBackDoesNotTakeItDown() {
        Command.NodeDown late = cluster.nodeDown(1);
        cluster.apply(late);
        cluster.apply(tick(beat(1, 11, cluster.state().appliedIndex())));
        cluster.apply(late);
        assertThat(node(1).live()).isTrue();
    }

    @Test
    void anotherProcessOfANodeThatIsDownWaitsLikewise() {
        cluster.apply(cluster.nodeDown(1));
        long downIndex = cluster.state().appliedIndex();
        cluster.restart();
        cluster.apply(tick(beat(1, 12, downIndex - 1)));
        assertThat(node(1).live()).isFalse();
        assertThat(node(1).bootId()).isEqualTo(12);
        cluster.apply(tick(beat(1, 13, downIndex)));
        assertThat(node(1).live()).isTrue();
        assertThat(node(1).bootId()).isEqualTo(13);
        assertThat(node(1).members()).isEqualTo(monitoredBy(1).size()).isPositive();
    }

    @Test
    void registeringAgainForgetsNoProcess() {
        cluster.apply(nodeUp(1, "http://127.0.0.1:9999"));
        assertThat(node(1).bootId()).isEqualTo(11);
        cluster.apply(tick(beat(1, 11, NOTHING_APPLIED)));
        assertThat(cluster.assigned).isEmpty();
    }
}
