package io.groupmembership.membership;

import static io.groupmembership.membership.TestCluster.PAYMENTS;
import static io.groupmembership.membership.TestCluster.agent;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Result.Done;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One survivor goes on: what it gives out from then on, the lost majority can never have given out. */
class RecoveryTest {
    private static final long EPOCH_1 = 1L << 40;
    private static final GroupKey ORDERS = new GroupKey("default", "orders");

    private final TestCluster cluster = TestCluster.withNodes(3);

    @Test
    void membersStayAndEveryNumberIsLargerThanAnyFromBefore() {
        long before = cluster.in(PAYMENTS, agent("a", 1));
        cluster.apply(new Command.KvPut("default/x", new byte[1], new KvCondition.Always()));

        assertThat(recover(1, before)).isEqualTo(new Done());

        assertThat(cluster.member(PAYMENTS, "a").incarnation()).isEqualTo(before);
        assertThat(cluster.view(PAYMENTS)).isGreaterThan(EPOCH_1);
        assertThat(cluster.in(PAYMENTS, agent("b", 1))).isGreaterThan(EPOCH_1);
        cluster.in(ORDERS, agent("c", 1));
        assertThat(cluster.view(ORDERS)).isGreaterThan(EPOCH_1);
        assertThat(cluster.apply(new Command.KvPut("default/x", new byte[1], new KvCondition.Always())))
                .isEqualTo(new Result.Written(EPOCH_1 + 2, false));
        assertThat(cluster.state().position()).isGreaterThan(EPOCH_1);
    }

    @Test
    void whoJoinedWithoutProofHasToJoinAgain() {
        long proven = cluster.in(PAYMENTS, agent("a", 1));
        long unproven = cluster.in(PAYMENTS, agent("b", 1));

        recover(1, proven);

        assertThat(cluster.ids(PAYMENTS)).containsExactly("a");
        RemovalRecord removal = cluster.state().removal(PAYMENTS, "b").orElseThrow();
        assertThat(removal.reason()).isEqualTo(LeaveReason.EVICTED);
        assertThat(removal.incarnation()).isEqualTo(unproven);
        assertThat(removal.evidence().probes().getFirst().by()).isEqualTo("recovery");
        assertThat(cluster.in(PAYMENTS, agent("b", 2))).isGreaterThan(EPOCH_1);
    }

    @Test
    void anAnswerThatIsRememberedDoesNotGiveOutWhatWasNotProven() {
        Command join = TestCluster.joinCommand(PAYMENTS, agent("a", 1));
        long proven = cluster.in(PAYMENTS, agent("b", 1));
        Command kept = TestCluster.leave(PAYMENTS, "nobody");
        Result keptResult = cluster.applyKeyed(2, 2, kept);
        cluster.applyKeyed(1, 1, join);

        recover(1, proven);

        Result again = ((Result.Joins) cluster.applyKeyed(1, 1, join)).results().getFirst();
        assertThat(again).isInstanceOf(Result.Refused.class);
        assertThat(cluster.applyKeyed(2, 2, kept)).isEqualTo(keptResult);
    }

    @Test
    void aValueHasAnotherVersionThanTheLostMajorityMayHaveGivenToAnother() {
        Command.KvPut put = new Command.KvPut("default/x", new byte[1], new KvCondition.Always());
        long before = ((Result.Written) cluster.applyKeyed(1, 1, put)).version();

        recover(1, 0);

        long after = cluster.state().kv("default/x").orElseThrow().version();
        assertThat(after).isGreaterThan(EPOCH_1);
        assertThat(cluster.apply(new Command.KvPut("default/x", new byte[1], new KvCondition.VersionIs(before))))
                .isEqualTo(new Result.Refused(Result.Refusal.CONDITION_FAILED, after));
    }

    @Test
    void whoWatchedBeforeStartsAnew() {
        cluster.in(PAYMENTS, agent("a", 1));
        long view = cluster.view(PAYMENTS);
        long position = cluster.state().position();

        recover(1, cluster.state().lastIncarnation());
        for (int i = 0; i < 5; i++) {
            cluster.in(PAYMENTS, agent("b" + i, 1));
        }

        // numbers that the lost majority may have given out, and the survivor never saw
        for (long ahead = 0; ahead < 5; ahead++) {
            assertThat(cluster.state().changesSince(PAYMENTS, view + ahead)).isEmpty();
            assertThat(cluster.state().changesSincePosition(position + ahead)).isEmpty();
        }
        assertThat(cluster.state().changesSince(PAYMENTS, cluster.view(PAYMENTS) - 1))
                .map(changes -> changes.size())
                .isEqualTo(Optional.of(1));
    }

    @Test
    void anEpochThatWasReachedIsNotReachedAgain() {
        long proven = cluster.in(PAYMENTS, agent("a", 1));
        recover(2, proven);
        long later = cluster.in(PAYMENTS, agent("b", 1));
        byte[] state = cluster.snapshot();

        recover(2, proven);
        recover(1, proven);

        assertThat(cluster.member(PAYMENTS, "b").incarnation()).isEqualTo(later);
        assertThat(cluster.state().recoveryEpoch()).isEqualTo(2);
        assertThat(TestCluster.restore(state).recoveryEpoch()).isEqualTo(2);
        assertThat(TestCluster.restore(state).lastIncarnation()).isEqualTo(later);
    }

    private Result recover(long epoch, long provenIncarnation) {
        return cluster.apply(new Command.Recover(epoch, provenIncarnation));
    }
}
