package io.groupmembership.membership;

import static io.groupmembership.membership.TestCluster.PAYMENTS;
import static io.groupmembership.membership.TestCluster.agent;
import static io.groupmembership.membership.TestCluster.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.Result.Joined;
import io.groupmembership.membership.Result.Left;
import io.groupmembership.membership.Result.Refusal;
import io.groupmembership.membership.Result.Refused;
import io.groupmembership.membership.Result.Removed;
import io.groupmembership.membership.Result.Revoked;
import io.groupmembership.protocol.HeartbeatMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has a lease is not put out from without before it has run out; who waits for that comes in with the same view. */
class RevocationTest {
    private final TestCluster cluster = TestCluster.withNodes(2);

    private static MemberSpec withoutAgent(HeartbeatMode mode) {
        return MemberSpec.of("a", "10.0.0.1:80", mode, "10.0.0.1:80", Optional.empty(), Map.of());
    }

    private Revocation revocation() {
        return Objects.requireNonNull(cluster.member(PAYMENTS, "a").revocation());
    }

    private ViewChange lastChange() {
        return cluster.changes.getLast();
    }

    /** Its monitor's removal, as of what the state says now. */
    private void endOfLease() {
        assertThat(cluster.apply(cluster.ended(PAYMENTS, "a"))).isEqualTo(new Removed(1));
    }

    private void lastViewLeftOutFor(LeaveReason reason, long incarnation) {
        assertThat(lastChange().left()).singleElement().satisfies(left -> {
            assertThat(left.reason()).isEqualTo(reason);
            assertThat(left.member().incarnation()).isEqualTo(incarnation);
        });
    }

    // ---- from without: Revoke, and a leave that names no incarnation

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoHasALeaseStaysInTheViewUntilItsMonitorSaysThatItHasRunOut(boolean byRevoke) {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        Command command = byRevoke ? TestCluster.revoke(PAYMENTS, "a") : TestCluster.leave(PAYMENTS, "a");

        assertThat(cluster.apply(command)).isEqualTo(new Revoked(incarnation));

        assertThat(cluster.ids(PAYMENTS)).containsExactly("a");
        assertThat(cluster.view(PAYMENTS)).isEqualTo(1);
        assertThat(revocation()).isEqualTo(new Revocation(LeaveReason.EVICTED, Optional.empty()));
        assertThat(cluster.revoked).containsExactly(cluster.member(PAYMENTS, "a"));
        assertThat(cluster.gone).isEmpty();

        endOfLease();
        assertThat(cluster.ids(PAYMENTS)).isEmpty();
        assertThat(cluster.view(PAYMENTS)).isEqualTo(2);
        lastViewLeftOutFor(LeaveReason.EVICTED, incarnation);
        assertThat(cluster.state().removal(PAYMENTS, "a").orElseThrow().reason())
                .isEqualTo(LeaveReason.EVICTED);
    }

    @ParameterizedTest
    @EnumSource(
            value = HeartbeatMode.class,
            names = {"TCP", "HTTP"})
    void whoHasNoLeaseIsOutAtOnce(HeartbeatMode mode) {
        long first = cluster.in(PAYMENTS, withoutAgent(mode));
        assertThat(cluster.apply(TestCluster.revoke(PAYMENTS, "a", first))).isEqualTo(new Left(first, 2));
        lastViewLeftOutFor(LeaveReason.EVICTED, first);

        long second = cluster.in(PAYMENTS, withoutAgent(mode));
        assertThat(cluster.apply(TestCluster.leave(PAYMENTS, "a"))).isEqualTo(new Left(second, 4));
        lastViewLeftOutFor(LeaveReason.LEFT, second);
        assertThat(cluster.revoked).isEmpty();
    }

    /** What counts is how it is heard of: a lease travels with the confirmations of UDP heartbeats. */
    @Test
    void anAgentThatIsHeardOfByTcpHasNoLeaseAndWhoIsHeardOfByUdpHasOne() {
        MemberSpec agentByTcp = MemberSpec.of(
                "a", "10.0.0.1:80", HeartbeatMode.TCP, "10.0.0.1:80", Optional.of(new UUID(7, 1)), Map.of());
        long first = cluster.in(PAYMENTS, agentByTcp);
        assertThat(cluster.replace(PAYMENTS, agent("a", 2), first)).isInstanceOf(Joined.class);
        cluster.apply(cluster.leaving(PAYMENTS, "a"));
        long byUdp = cluster.in(PAYMENTS, withoutAgent(HeartbeatMode.UDP));
        assertThat(cluster.apply(TestCluster.leave(PAYMENTS, "a"))).isEqualTo(new Revoked(byUdp));
    }

    @Test
    void whoIsRevokedTwiceIsRevokedOnce() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(TestCluster.revoke(PAYMENTS, "a"));
        Facts before = Facts.of(cluster.state());
        assertThat(cluster.apply(TestCluster.revoke(PAYMENTS, "a", incarnation)))
                .isEqualTo(new Revoked(incarnation));
        assertThat(cluster.apply(TestCluster.leave(PAYMENTS, "a"))).isEqualTo(new Revoked(incarnation));
        assertThat(Facts.of(cluster.state())).isEqualTo(before);
        assertThat(cluster.revoked).hasSize(1);
    }

    @Test
    void whoIsNotMeantIsNotRevoked() {
        assertThat(cluster.apply(TestCluster.revoke(PAYMENTS, "a"))).isEqualTo(new Refused(Refusal.NOT_A_MEMBER, 0));
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        assertThat(cluster.apply(TestCluster.revoke(PAYMENTS, "b"))).isEqualTo(new Refused(Refusal.NOT_A_MEMBER, 0));
        assertThat(cluster.apply(TestCluster.revoke(PAYMENTS, "a", incarnation + 1)))
                .isEqualTo(new Refused(Refusal.OTHER_INCARNATION, incarnation));
        assertThat(cluster.member(PAYMENTS, "a").revocation()).isNull();
        assertThat(cluster.revoked).isEmpty();
    }

    @Test
    void theMemberItselfMayLeaveBeforeItsLeaseIsOver() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(TestCluster.revoke(PAYMENTS, "a"));
        assertThat(cluster.apply(TestCluster.leave(PAYMENTS, "a", incarnation))).isEqualTo(new Left(incarnation, 2));
        lastViewLeftOutFor(LeaveReason.LEFT, incarnation);
        assertThat(lastChange().joined()).isEmpty();
    }

    @Test
    void theRevokedMembersOwnInstanceIsStillTheSameMembership() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);
        assertThat(cluster.join(PAYMENTS, agent("a", 1))).isInstanceOf(Joined.class);
        assertThat(revocation().successor()).contains(agent("a", 2));
    }

    // ---- who takes back what it asked for

    @Test
    void anInstanceThatIsInAndTakesItBackHasLeft() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));

        assertThat(cluster.apply(withdraw(1))).isEqualTo(new Left(incarnation, 2));

        assertThat(cluster.ids(PAYMENTS)).isEmpty();
        lastViewLeftOutFor(LeaveReason.LEFT, incarnation);
        assertThat(cluster.join(PAYMENTS, agent("a", 1)))
                .as("its join that is still under way")
                .isEqualTo(new Refused(Refusal.MEMBERSHIP_ENDED, incarnation));
    }

    @Test
    void aSuccessorThatTakesItBackDoesNotComeInAndWhomItWaitedForGoesAllTheSame() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);

        assertThat(cluster.apply(withdraw(2))).isEqualTo(new Result.Done());

        assertThat(revocation()).isEqualTo(new Revocation(LeaveReason.REPLACED, Optional.empty()));
        endOfLease();
        assertThat(cluster.ids(PAYMENTS)).isEmpty();
        lastViewLeftOutFor(LeaveReason.REPLACED, incarnation);
    }

    @Test
    void whoTakesBackWhatIsAnothersChangesNothing() {
        assertThat(cluster.apply(withdraw(3))).isEqualTo(new Result.Done());
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);
        Facts before = Facts.of(cluster.state());
        assertThat(cluster.apply(withdraw(3))).isEqualTo(new Result.Done());
        assertThat(cluster.apply(new Command.Withdraw(PAYMENTS, "b", new UUID(7, 1))))
                .isEqualTo(new Result.Done());
        assertThat(Facts.of(cluster.state())).isEqualTo(before);
    }

    private static Command withdraw(long instance) {
        return new Command.Withdraw(
                PAYMENTS, "a", agent("a", instance).instance().orElseThrow());
    }

    // ---- successors

    @Test
    void aSuccessorWaitsAndComesInByTheViewThatItsPredecessorGoesOutBy() {
        cluster.in(PAYMENTS, agent("a", 1));
        cluster.in(PAYMENTS, agent("b", 1));
        long incarnation = cluster.member(PAYMENTS, "a").incarnation();
        cluster.assigned.clear();

        assertThat(cluster.replace(PAYMENTS, agent("a", 2), incarnation)).isEqualTo(new Revoked(incarnation));

        assertThat(cluster.view(PAYMENTS)).isEqualTo(2);
        assertThat(cluster.member(PAYMENTS, "a").incarnation()).isEqualTo(incarnation);
        assertThat(cluster.assigned).isEmpty();
        assertThat(cluster.revoked)
                .singleElement()
                .satisfies(member -> assertThat(member.revocation())
                        .isEqualTo(new Revocation(LeaveReason.REPLACED, Optional.of(agent("a", 2)))));

        endOfLease();
        assertThat(cluster.view(PAYMENTS)).isEqualTo(3);
        lastViewLeftOutFor(LeaveReason.REPLACED, incarnation);
        assertThat(lastChange().joined()).singleElement().satisfies(member -> {
            assertThat(member.incarnation()).isEqualTo(incarnation + 2);
            assertThat(member.spec()).isEqualTo(agent("a", 2));
        });
        assertThat(cluster.ids(PAYMENTS)).containsExactly("b", "a");
        assertThat(cluster.assigned).containsExactly(cluster.member(PAYMENTS, "a"));
        assertThat(cluster.member(PAYMENTS, "a").revocation()).isNull();
    }

    @Test
    void aSuccessorThatAsksAgainWaitsOnAndIsToldWhenItIsIn() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);
        assertThat(cluster.replace(PAYMENTS, agent("a", 2), incarnation)).isEqualTo(new Revoked(incarnation));
        assertThat(cluster.join(PAYMENTS, agent("a", 2))).isEqualTo(new Revoked(incarnation));
        assertThat(cluster.revoked).hasSize(1);

        endOfLease();
        Member successor = cluster.member(PAYMENTS, "a");
        Joined in = new Joined(false, incarnation + 1, 2, cluster.state().nodeIdOf(successor.monitorSlot()), 5_000, 3);
        assertThat(cluster.replace(PAYMENTS, agent("a", 2), incarnation)).isEqualTo(in);
        assertThat(cluster.join(PAYMENTS, agent("a", 2))).isEqualTo(in);
        assertThat(cluster.view(PAYMENTS)).isEqualTo(2);
    }

    /** Without an agent the same words are the same joiner, waiting or not. */
    @Test
    void aSuccessorWithoutAnAgentThatAsksAgainWaitsOn() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        MemberSpec successor = plain("a", "10.0.0.2:80");
        assertThat(cluster.replace(PAYMENTS, successor, incarnation)).isEqualTo(new Revoked(incarnation));
        assertThat(cluster.replace(PAYMENTS, successor, incarnation)).isEqualTo(new Revoked(incarnation));
        assertThat(cluster.join(PAYMENTS, successor)).isEqualTo(new Revoked(incarnation));
        assertThat(cluster.revoked).hasSize(1);
        assertThat(cluster.join(PAYMENTS, plain("a", "10.0.0.3:80")))
                .isEqualTo(new Refused(Refusal.OTHER_INSTANCE, incarnation));
    }

    @Test
    void aSecondSuccessorTakesThePlaceOfTheOneThatWaits() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);
        assertThat(cluster.replace(PAYMENTS, agent("a", 3), incarnation)).isEqualTo(new Revoked(incarnation));
        assertThat(cluster.revoked).hasSize(2);

        endOfLease();
        assertThat(cluster.member(PAYMENTS, "a").spec()).isEqualTo(agent("a", 3));
        assertThat(cluster.replace(PAYMENTS, agent("a", 2), incarnation))
                .isEqualTo(new Refused(Refusal.OTHER_INSTANCE, incarnation + 1));
    }

    @Test
    void whoDoesNotNameTheLivingIncarnationIsNoSuccessor() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        Refused refused = new Refused(Refusal.OTHER_INSTANCE, incarnation);
        assertThat(cluster.join(PAYMENTS, agent("a", 2))).isEqualTo(refused);
        assertThat(cluster.replace(PAYMENTS, agent("a", 2), incarnation + 1)).isEqualTo(refused);
        assertThat(cluster.join(PAYMENTS, plain("a", "10.0.0.1:80"))).isEqualTo(refused);
        assertThat(cluster.member(PAYMENTS, "a").revocation()).isNull();
        cluster.apply(TestCluster.revoke(PAYMENTS, "a"));
        assertThat(cluster.join(PAYMENTS, agent("a", 2))).isEqualTo(refused);
        assertThat(revocation().successor()).isEmpty();
    }

    @Test
    void whoHasNoLeaseIsReplacedAtOnce() {
        long incarnation = cluster.in(PAYMENTS, plain("a", "10.0.0.1:80"));
        assertThat(cluster.replace(PAYMENTS, agent("a", 1), incarnation)).isInstanceOf(Joined.class);
        lastViewLeftOutFor(LeaveReason.REPLACED, incarnation);
        assertThat(cluster.revoked).isEmpty();
    }

    @Test
    void whoWasEvictedFirstStaysEvictedThoughASuccessorComes() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(TestCluster.revoke(PAYMENTS, "a"));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);
        assertThat(revocation()).isEqualTo(new Revocation(LeaveReason.EVICTED, Optional.of(agent("a", 2))));
        endOfLease();
        lastViewLeftOutFor(LeaveReason.EVICTED, incarnation);
        assertThat(cluster.member(PAYMENTS, "a").spec()).isEqualTo(agent("a", 2));
    }

    @Test
    void anEvictionTakesNoSuccessorItsPlace() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);
        assertThat(cluster.apply(TestCluster.revoke(PAYMENTS, "a"))).isEqualTo(new Revoked(incarnation));
        assertThat(revocation()).isEqualTo(new Revocation(LeaveReason.REPLACED, Optional.of(agent("a", 2))));
    }

    @Test
    void thePredecessorsOwnGoodbyeLetsItsSuccessorIn() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);
        assertThat(cluster.apply(TestCluster.leave(PAYMENTS, "a", incarnation))).isEqualTo(new Left(incarnation, 2));
        lastViewLeftOutFor(LeaveReason.LEFT, incarnation);
        assertThat(cluster.member(PAYMENTS, "a").spec()).isEqualTo(agent("a", 2));
        assertThat(cluster.view(PAYMENTS)).isEqualTo(2);
    }

    @Test
    void aCrashOfThePredecessorLetsItsSuccessorIn() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);
        cluster.apply(TestCluster.remove(TestCluster.target(PAYMENTS, cluster.member(PAYMENTS, "a"))));
        lastViewLeftOutFor(LeaveReason.CRASHED, incarnation);
        assertThat(cluster.member(PAYMENTS, "a").spec()).isEqualTo(agent("a", 2));
    }

    @Test
    void theSameRemovalTwiceInACutDoesNotHitTheSuccessor() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);
        Command.Remove once = cluster.ended(PAYMENTS, "a");
        Command.Target target = once.targets().getFirst();
        assertThat(cluster.apply(TestCluster.remove(target, target))).isEqualTo(new Removed(1));
        assertThat(cluster.apply(once)).isEqualTo(new Removed(0));
        assertThat(cluster.member(PAYMENTS, "a").spec()).isEqualTo(agent("a", 2));
    }

    @Test
    void successorsComeInThoughTheGroupIsFull() {
        cluster.apply(TestCluster.maxMembers(PAYMENTS, 2));
        cluster.joins(PAYMENTS, agent("a", 1), agent("b", 1));
        cluster.apply(TestCluster.maxMembers(PAYMENTS, 1));
        long a = cluster.member(PAYMENTS, "a").incarnation();
        assertThat(cluster.replace(PAYMENTS, agent("a", 2), a)).isEqualTo(new Revoked(a));
        endOfLease();
        assertThat(cluster.ids(PAYMENTS)).containsExactly("b", "a");
        assertThat(cluster.join(PAYMENTS, agent("c", 1))).isEqualTo(new Refused(Refusal.GROUP_FULL, 1));
    }

    @Test
    void aSuccessorInABatchWaitsWhileTheOthersComeIn() {
        long a = cluster.in(PAYMENTS, agent("a", 1));
        List<Joiner> joiners = List.of(
                new Joiner(agent("b", 1), OptionalLong.empty()),
                new Joiner(agent("a", 2), OptionalLong.of(a)),
                new Joiner(agent("a", 2), OptionalLong.of(a)),
                new Joiner(agent("a", 3), OptionalLong.of(a)),
                new Joiner(agent("c", 1), OptionalLong.empty()));
        List<Result> results = ((Result.Joins) cluster.apply(new Command.Join(PAYMENTS, joiners))).results();
        assertThat(results.get(0)).isInstanceOf(Joined.class);
        assertThat(results.subList(1, 4)).containsOnly(new Revoked(a));
        assertThat(results.get(4)).isInstanceOf(Joined.class);
        assertThat(cluster.view(PAYMENTS)).isEqualTo(2);
        assertThat(cluster.ids(PAYMENTS)).containsExactly("a", "b", "c");
        assertThat(revocation().successor()).contains(agent("a", 3));
    }

    // ---- instances that have ended

    @Test
    void anInstanceThatHasEndedIsNobodysSuccessor() {
        long first = cluster.in(PAYMENTS, agent("a", 1));
        long second = cluster.replaced(PAYMENTS, agent("a", 2)).incarnation();
        Refused ended = new Refused(Refusal.MEMBERSHIP_ENDED, first);
        assertThat(cluster.replace(PAYMENTS, agent("a", 1), second)).isEqualTo(ended);
        assertThat(cluster.join(PAYMENTS, agent("a", 1))).isEqualTo(ended);
        assertThat(cluster.member(PAYMENTS, "a").revocation()).isNull();
    }

    @Test
    void anInstanceThatHasEndedReplacesNobodyWithoutALeaseEither() {
        long first = cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(cluster.leaving(PAYMENTS, "a"));
        long second = cluster.in(PAYMENTS, plain("a", "10.0.0.1:80"));
        assertThat(cluster.replace(PAYMENTS, agent("a", 1), second))
                .isEqualTo(new Refused(Refusal.MEMBERSHIP_ENDED, first));
        assertThat(cluster.member(PAYMENTS, "a").incarnation()).isEqualTo(second);
    }

    @Test
    void aSuccessorThatCameInAndWentIsToldThatItsMembershipEnded() {
        long first = cluster.in(PAYMENTS, agent("a", 1));
        long second = cluster.replaced(PAYMENTS, agent("a", 2)).incarnation();
        cluster.apply(cluster.leaving(PAYMENTS, "a"));
        assertThat(cluster.replace(PAYMENTS, agent("a", 2), first))
                .isEqualTo(new Refused(Refusal.MEMBERSHIP_ENDED, second));
    }

    @Test
    void whoWaitedInVainMayJoinOnceThePlaceIsFree() {
        long first = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), first);
        cluster.replaced(PAYMENTS, agent("a", 3));
        cluster.apply(cluster.leaving(PAYMENTS, "a"));
        assertThat(cluster.replace(PAYMENTS, agent("a", 2), first)).isInstanceOf(Joined.class);
    }

    // ---- what a revocation outlives

    @Test
    void aRevokedMemberWithAnotherMonitorIsStillRevoked() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);
        Revocation revocation = revocation();
        Command.Remove byTheFormerMonitor = cluster.ended(PAYMENTS, "a");

        cluster.apply(cluster.nodeDown(cluster.member(PAYMENTS, "a").monitorSlot() + 1));
        assertThat(cluster.assigned.getLast().revocation()).isEqualTo(revocation);
        assertThat(cluster.apply(byTheFormerMonitor)).isEqualTo(new Removed(0));

        Member member = cluster.member(PAYMENTS, "a");
        cluster.apply(TestCluster.assign(TestCluster.assignment(PAYMENTS, member, member.monitorSlot() + 1, true)));
        assertThat(cluster.assigned.getLast().revocation()).isEqualTo(revocation);
        assertThat(revocation()).isEqualTo(revocation);
        endOfLease();
        assertThat(cluster.member(PAYMENTS, "a").spec()).isEqualTo(agent("a", 2));
    }

    @Test
    void aSuccessorOutlivesARestart() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.replace(PAYMENTS, agent("a", 2), incarnation);
        Member before = cluster.member(PAYMENTS, "a");
        cluster.restart();
        assertThat(cluster.member(PAYMENTS, "a")).isEqualTo(before);
        endOfLease();
        assertThat(cluster.member(PAYMENTS, "a").spec()).isEqualTo(agent("a", 2));
    }

    @Test
    void ofManySuccessorsOneIsKept() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        assertThat(cluster.replace(PAYMENTS, successor(1), incarnation)).isEqualTo(new Revoked(incarnation));
        int bytes = cluster.snapshot().length;
        for (int instance = 2; instance <= 1_000; instance++) {
            assertThat(cluster.replace(PAYMENTS, successor(instance), incarnation))
                    .isEqualTo(new Revoked(incarnation));
        }
        assertThat(cluster.snapshot()).hasSize(bytes);
        endOfLease();
        assertThat(lastChange().left())
                .allSatisfy(left -> assertThat(left.member().revocation()).isNull());
    }

    private static MemberSpec successor(long instance) {
        return MemberSpec.of(
                "a",
                "10.0.0.1:7000",
                HeartbeatMode.UDP,
                "10.0.0.1:7000",
                Optional.of(new UUID(9, instance)),
                Map.of("large", "x".repeat(2_000)));
    }

    // ---- a recovery

    @Test
    void whoWaitsForAMemberThatIsNotProvenComesInByAskingAgain() {
        long proven = cluster.in(PAYMENTS, agent("b", 1));
        long unproven = cluster.in(PAYMENTS, agent("a", 1));
        Command join = new Command.Join(PAYMENTS, List.of(new Joiner(agent("a", 2), OptionalLong.of(unproven))));
        assertThat(cluster.applyKeyed(1, 1, join)).isEqualTo(new Result.Joins(List.of(new Revoked(unproven))));

        cluster.apply(new Command.Recover(1, proven));

        assertThat(cluster.ids(PAYMENTS)).containsExactly("b");
        assertThat(((Result.Joins) cluster.applyKeyed(1, 1, join)).results())
                .singleElement()
                .isInstanceOf(Joined.class);
    }

    @Test
    void whoWaitedAsksAgainUnderTheSameKeyAndIsToldThatItIsIn() {
        long old = cluster.in(PAYMENTS, agent("a", 1));
        Command join = new Command.Join(PAYMENTS, List.of(new Command.Joiner(agent("a", 2), OptionalLong.of(old))));
        assertThat(cluster.applyKeyed(1, 1, join)).isEqualTo(new Result.Joins(List.of(new Revoked(old))));
        endOfLease();
        assertThat(((Result.Joins) cluster.applyKeyed(1, 1, join)).results().getFirst())
                .isInstanceOf(Result.Joined.class);
    }
}
