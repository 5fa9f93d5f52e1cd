package io.groupmembership.membership;

import static io.groupmembership.membership.TestCluster.PAYMENTS;
import static io.groupmembership.membership.TestCluster.agent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A new cluster that begins from a backup knows what the other one knew, has none of its members, and none of its numbers. */
class RestorationTest {
    private static final UUID OTHER = new UUID(7, 7);
    private static final long EPOCH_1 = 1L << 40;
    private static final long AT = 1_790_000_000_000L;
    private static final GroupKey EMPTY = new GroupKey("default", "empty");

    private final TestCluster cluster = TestCluster.withNodes(3);

    private MembershipState restored() {
        return Restoration.of(TestCluster.restore(cluster.snapshot()), OTHER, 1, AT);
    }

    @Test
    void valuesPoliciesAndGroupsAreKept() {
        cluster.apply(new Command.KvPut("default/x", new byte[] {1, 2}, new KvCondition.Always()));
        cluster.apply(new Command.PutPolicy(EMPTY, new GroupPolicy(60_000, 4, 7)));
        cluster.in(PAYMENTS, agent("a", 1));

        MembershipState state = restored();

        KvEntry entry = state.kv("default/x").orElseThrow();
        assertThat(entry.value()).containsExactly(1, 2);
        assertThat(entry.version()).isGreaterThan(EPOCH_1);
        assertThat(state.policy(EMPTY)).isEqualTo(new GroupPolicy(60_000, 4, 7));
        assertThat(state.groups()).extracting(GroupView.Summary::group).contains(EMPTY, PAYMENTS);
        assertThat(state.clusterId()).isEqualTo(OTHER);
        assertThat(state.recoveryEpoch()).isEqualTo(1);
        assertThat(state.nodes()).isEmpty();
    }

    @Test
    void membersAreOutAndTheirRecordSaysWhy() {
        long incarnation = cluster.in(PAYMENTS, agent("a", 1));
        cluster.in(PAYMENTS, agent("b", 1));
        cluster.apply(cluster.leaving(PAYMENTS, "b"));
        long before = cluster.view(PAYMENTS);

        MembershipState state = restored();

        assertThat(state.memberCount()).isZero();
        GroupView view = state.view(PAYMENTS).orElseThrow();
        assertThat(view.members()).isEmpty();
        assertThat(view.view()).isGreaterThan(EPOCH_1).isGreaterThan(before);
        RemovalRecord removal = state.removal(PAYMENTS, "a").orElseThrow();
        assertThat(removal.reason()).isEqualTo(LeaveReason.EVICTED);
        assertThat(removal.incarnation()).isEqualTo(incarnation);
        assertThat(removal.view()).isEqualTo(view.view());
        assertThat(removal.removedAtMillis()).isEqualTo(AT);
        assertThat(removal.committedBy()).isEqualTo("restore");
        assertThat(removal.evidence().probes().getFirst().path()).isEqualTo("backup");
    }

    @Test
    void everyNumberIsLargerThanAnyOfTheOtherCluster() {
        cluster.in(PAYMENTS, agent("a", 1));
        TestCluster next = new TestCluster(restored());
        next.apply(TestCluster.nodeUp(1));

        assertThat(next.in(PAYMENTS, agent("b", 1))).isGreaterThan(EPOCH_1);
        assertThat(next.view(PAYMENTS)).isGreaterThan(EPOCH_1);
        assertThat(next.state().position()).isGreaterThan(EPOCH_1);
        assertThat(next.apply(new Command.KvPut("default/y", new byte[1], new KvCondition.Always())))
                .isEqualTo(new Result.Written(EPOCH_1 + 1, true));
    }

    @Test
    void whoWatchedTheOtherClusterStartsAnew() {
        cluster.in(PAYMENTS, agent("a", 1));
        long view = cluster.view(PAYMENTS);
        long position = cluster.state().position();

        MembershipState state = restored();

        for (long ahead = 0; ahead < 5; ahead++) {
            assertThat(state.changesSince(PAYMENTS, view + ahead)).isEmpty();
            assertThat(state.changesSincePosition(position + ahead)).isEmpty();
        }
    }

    /** The process of before the backup was a member of another cluster; a new one is let in. */
    @Test
    void anInstanceOfBeforeIsNotLetInAgain() {
        cluster.in(PAYMENTS, agent("a", 1));
        TestCluster next = new TestCluster(restored());
        next.apply(TestCluster.nodeUp(1));

        Result again = ((Result.Joins) next.apply(TestCluster.joinCommand(PAYMENTS, agent("a", 1))))
                .results()
                .getFirst();

        assertThat(again).isInstanceOf(Result.Refused.class);
        assertThat(next.in(PAYMENTS, agent("a", 2))).isGreaterThan(EPOCH_1);
    }

    @Test
    void theSameBackupMakesTheSameBytesEveryTime() throws IOException {
        cluster.in(PAYMENTS, agent("a", 1));
        cluster.applyKeyed(2, 2, TestCluster.leave(PAYMENTS, "nobody"));
        cluster.apply(new Command.KvPut("default/x", new byte[3], new KvCondition.Always()));

        byte[] one = TestCluster.snapshot(restored());

        assertThat(TestCluster.snapshot(restored())).isEqualTo(one);
        MembershipState read = Snapshot.read(new ByteArrayInputStream(one), one.length, OTHER);
        assertThat(TestCluster.snapshot(read)).isEqualTo(one);
        assertThat(Snapshot.verify(new ByteArrayInputStream(one), one.length)).isEqualTo(OTHER);
    }

    @Test
    void aRequestThatWasAnsweredIsStillKnown() {
        Command kept = TestCluster.leave(PAYMENTS, "nobody");
        Result result = cluster.applyKeyed(2, 2, kept);

        assertThat(new TestCluster(restored()).applyKeyed(2, 2, kept)).isEqualTo(result);
    }

    @Test
    void anEpochThatIsNoLaterOneIsRefused() {
        for (long epoch : new long[] {-1, 0, MembershipState.MAX_RECOVERY_EPOCH + 1L}) {
            assertThatThrownBy(() -> Restoration.of(TestCluster.restore(cluster.snapshot()), OTHER, epoch, AT))
                    .hasMessageContaining("the recovery epoch must be 1 to 8191");
        }
        assertThatThrownBy(() -> Restoration.of(TestCluster.restore(cluster.snapshot()), TestCluster.ID, 1, AT))
                .hasMessageContaining("another id");
    }
}
