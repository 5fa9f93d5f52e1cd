package io.groupmembership.membership;

import static io.groupmembership.membership.TestCluster.ORDERS;
import static io.groupmembership.membership.TestCluster.PAYMENTS;
import static io.groupmembership.membership.TestCluster.agent;
import static io.groupmembership.membership.TestCluster.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Result.Joined;
import io.groupmembership.membership.Result.Refusal;
import io.groupmembership.membership.Result.Refused;
import io.groupmembership.protocol.HeartbeatMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTest {
    private final TestCluster cluster = TestCluster.withNodes(1);

    @Test
    void theFirstMemberMakesTheFirstViewAndLeads() {
        assertThat(cluster.join(PAYMENTS, agent("a", 1))).isEqualTo(new Joined(true, 1, 1, "node-1", 5_000, 3));
        GroupView view = cluster.state().view(PAYMENTS).orElseThrow();
        assertThat(view.view()).isEqualTo(1);
        assertThat(view.leader()).contains("a");
        assertThat(cluster.changes).singleElement().satisfies(change -> {
            assertThat(change.view()).isEqualTo(1);
            assertThat(change.leader()).contains("a");
        });
    }

    @Test
    void theSameInstanceAgainIsTheSameMembership() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        assertThat(cluster.join(PAYMENTS, agent("a", 1)))
                .isEqualTo(new Joined(false, incarnation, 1, "node-1", 5_000, 3));
        assertThat(cluster.changes).hasSize(1);
    }

    @Test
    void anotherInstanceIsToldWhoHasTheId() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        assertThat(cluster.join(PAYMENTS, agent("a", 2))).isEqualTo(new Refused(Refusal.OTHER_INSTANCE, incarnation));
        assertThat(cluster.view(PAYMENTS)).isEqualTo(1);
    }

    @Test
    void anotherInstanceThatNamesTheLivingIncarnationReplacesItInOneView() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        assertThat(cluster.replaced(PAYMENTS, agent("a", 2)))
                .isEqualTo(new Joined(false, incarnation + 1, 2, "node-1", 5_000, 3));
        assertThat(cluster.changes).hasSize(2);
        ViewChange change = cluster.changes.getLast();
        assertThat(change.left()).singleElement().satisfies(left -> {
            assertThat(left.member().incarnation()).isEqualTo(incarnation);
            assertThat(left.reason()).isEqualTo(LeaveReason.REPLACED);
        });
        assertThat(change.joined())
                .singleElement()
                .satisfies(member -> assertThat(member.incarnation()).isEqualTo(incarnation + 1));
    }

    @Test
    void anotherInstanceThatNamesAnOlderIncarnationIsRefused() {
        long first = cluster.in(PAYMENTS, agent("a", 1));
        long second = cluster.replaced(PAYMENTS, agent("a", 2)).incarnation();
        assertThat(cluster.replace(PAYMENTS, agent("a", 3), first))
                .isEqualTo(new Refused(Refusal.OTHER_INSTANCE, second));
    }

    /** A pod's UID says who it is, not that the one before has ended. */
    @ParameterizedTest
    @ValueSource(strings = {"uid-1", "uid-2"})
    void anyOtherInstanceWaitsForItsPredecessorWhicheverPodItIsIn(String uid) {
        long old = cluster.in(PAYMENTS, pod("a", 1, "uid-1"));
        assertThat(cluster.replace(PAYMENTS, pod("a", 2, uid), old)).isEqualTo(new Result.Revoked(old));
        assertThat(cluster.view(PAYMENTS)).isEqualTo(1);

        assertThat(cluster.replaced(PAYMENTS, pod("a", 2, uid)))
                .isEqualTo(new Joined(false, old + 1, 2, "node-1", 5_000, 3));
    }

    @Test
    void whoNamesAPredecessorThatHasLeftComesInAtOnce() {
        long old = cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(TestCluster.leave(PAYMENTS, "a", old));
        assertThat(cluster.replace(PAYMENTS, agent("a", 2), old))
                .isEqualTo(new Joined(true, old + 1, 3, "node-1", 5_000, 3));
    }

    private static MemberSpec pod(String memberId, long instance, String uid) {
        return MemberSpec.of(
                memberId,
                "10.0.0.1:7000",
                HeartbeatMode.UDP,
                "10.0.0.1:7000",
                Optional.of(new UUID(7, instance)),
                Map.of("kubernetes.io/pod-uid", uid));
    }

    @Test
    void withoutAnAgentTheSameWordsAreTheSameMembership() {
        long incarnation = cluster.in(PAYMENTS, plain("a", "10.0.0.1:80"));
        assertThat(cluster.join(PAYMENTS, plain("a", "10.0.0.1:80")))
                .isEqualTo(new Joined(false, incarnation, 1, "node-1", 5_000, 3));
    }

    @Test
    void withoutAnAgentANewAddressReplacesTheOldMembership() {
        long incarnation = cluster.in(PAYMENTS, plain("a", "10.0.0.1:80"));
        assertThat(cluster.join(PAYMENTS, plain("a", "10.0.0.2:80")))
                .isEqualTo(new Joined(true, incarnation + 1, 2, "node-1", 5_000, 3));
        assertThat(cluster.state().removal(PAYMENTS, "a").orElseThrow().reason())
                .isEqualTo(LeaveReason.REPLACED);
    }

    @Test
    void withoutAnAgentANewAddressThatNamesAnOlderIncarnationIsRefused() {
        long first = cluster.in(PAYMENTS, plain("a", "10.0.0.1:80"));
        long second = cluster.in(PAYMENTS, plain("a", "10.0.0.2:80"));
        assertThat(cluster.replace(PAYMENTS, plain("a", "10.0.0.3:80"), first))
                .isEqualTo(new Refused(Refusal.OTHER_INSTANCE, second));
    }

    @Test
    void anAgentAndAPlainMemberDoNotReplaceEachOtherUnasked() {
        long first = cluster.in(PAYMENTS, agent("a", 1));
        assertThat(cluster.join(PAYMENTS, plain("a", "10.0.0.1:80")))
                .isEqualTo(new Refused(Refusal.OTHER_INSTANCE, first));
        long second = cluster.in(PAYMENTS, plain("b", "10.0.0.1:80"));
        assertThat(cluster.join(PAYMENTS, agent("b", 1))).isEqualTo(new Refused(Refusal.OTHER_INSTANCE, second));
    }

    @Test
    void anInstanceWhoseMembershipEndedIsToldSo() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(TestCluster.remove(TestCluster.target(PAYMENTS, cluster.member(PAYMENTS, "a"))));
        assertThat(cluster.join(PAYMENTS, agent("a", 1))).isEqualTo(new Refused(Refusal.MEMBERSHIP_ENDED, incarnation));
        assertThat(cluster.join(PAYMENTS, agent("a", 2))).isInstanceOf(Joined.class);
    }

    /** The late retry of the first must not come in once the second is gone too. */
    @Test
    void anInstanceWhoseSuccessorHasGoneTooIsStillToldThatItsMembershipEnded() {
        long first = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replaced(PAYMENTS, agent("a", 2));
        assertThat(cluster.join(PAYMENTS, agent("a", 1))).isEqualTo(new Refused(Refusal.MEMBERSHIP_ENDED, first));
        cluster.apply(cluster.leaving(PAYMENTS, "a"));
        assertThat(cluster.join(PAYMENTS, agent("a", 1))).isEqualTo(new Refused(Refusal.MEMBERSHIP_ENDED, first));
    }

    @Test
    void withoutAnAgentWhoLeftMayComeBack() {
        long first = cluster.in(PAYMENTS, plain("a", "10.0.0.1:80"));
        cluster.apply(TestCluster.leave(PAYMENTS, "a"));
        assertThat(cluster.in(PAYMENTS, plain("a", "10.0.0.1:80"))).isGreaterThan(first);
    }

    @Test
    void aFullGroupRefusesNewcomersButNotSuccessors() {
        cluster.apply(TestCluster.maxMembers(PAYMENTS, 2));
        List<Result> results = cluster.joins(PAYMENTS, agent("a", 1), agent("b", 1), agent("c", 1));
        assertThat(results.get(1)).isInstanceOf(Joined.class);
        assertThat(results.get(2)).isEqualTo(new Refused(Refusal.GROUP_FULL, 2));
        cluster.replaced(PAYMENTS, agent("a", 2));
        assertThat(cluster.ids(PAYMENTS)).containsExactly("b", "a");
    }

    @Test
    void aBatchMakesOneView() {
        List<Result> results = cluster.joins(PAYMENTS, agent("a", 1), agent("b", 1), agent("c", 1));
        assertThat(results).allMatch(result -> ((Joined) result).view() == 1);
        assertThat(cluster.changes).hasSize(1);
        assertThat(cluster.ids(PAYMENTS)).containsExactly("a", "b", "c");
    }

    @Test
    void theSameInstanceTwiceInABatchIsOneMember() {
        List<Result> results = cluster.joins(PAYMENTS, agent("a", 1), agent("a", 1));
        assertThat(results)
                .containsExactly(
                        new Joined(true, 1, 1, "node-1", 5_000, 3), new Joined(false, 1, 1, "node-1", 5_000, 3));
    }

    /** No view would ever have the first one: its answer would name a view without it. */
    @Test
    void nobodyIsReplacedInTheViewThatHeJoinsIn() {
        List<Result> results = cluster.joins(PAYMENTS, plain("a", "10.0.0.1:80"), plain("a", "10.0.0.2:80"));
        assertThat(results)
                .containsExactly(new Joined(true, 1, 1, "node-1", 5_000, 3), new Refused(Refusal.OTHER_INSTANCE, 1));
        assertThat(cluster.changes).singleElement().satisfies(change -> {
            assertThat(change.left()).isEmpty();
            assertThat(change.joined()).hasSize(1);
        });
    }

    @Test
    void aBatchThatChangesNothingMakesNoViewAndNoGroup() {
        cluster.in(PAYMENTS, agent("a", 1));
        assertThat(cluster.joins(PAYMENTS, agent("a", 2))).hasSize(1);
        assertThat(cluster.joins(ORDERS)).isEmpty();
        assertThat(cluster.view(PAYMENTS)).isEqualTo(1);
        assertThat(cluster.state().view(ORDERS)).isEmpty();
        assertThat(cluster.state().groupCount()).isEqualTo(1);
    }

    @Test
    void theAnswerTellsThePolicyOfTheGroup() {
        cluster.apply(new Command.PutPolicy(PAYMENTS, new GroupPolicy(1_000, 4, 10)));
        assertThat(cluster.join(PAYMENTS, agent("a", 1))).isEqualTo(new Joined(true, 1, 1, "node-1", 1_000, 4));
    }

    /** A recovery raises the epoch above the counter: neither may run into the other. */
    @Test
    void noIncarnationIsUsedTwiceHoweverManyHaveJoined() {
        long manyJoins = (1L << 40) - 1;
        TestCluster old = new TestCluster(new MembershipState(
                TestCluster.ID,
                1,
                manyJoins,
                0,
                -1,
                new NodeTable(),
                new ChangeHistory(-1),
                new KvStore(0),
                MembershipState.Rules.USUAL));
        long last = old.in(PAYMENTS, agent("a", 1));
        long next = old.in(PAYMENTS, agent("b", 1));
        assertThat(last).isEqualTo(2L << 40);
        assertThat(next).isGreaterThan(last);
    }

    @Test
    void whatAReaderGotStaysAsItWas() {
        cluster.in(PAYMENTS, agent("a", 1));
        GroupView before = cluster.state().view(PAYMENTS).orElseThrow();
        cluster.in(PAYMENTS, agent("b", 1));
        assertThat(before.members()).hasSize(1);
        assertThat(before.members()).isUnmodifiable();
    }
}
