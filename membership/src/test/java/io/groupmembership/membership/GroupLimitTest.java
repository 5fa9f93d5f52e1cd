package io.groupmembership.membership;

import static io.groupmembership.membership.TestCluster.agent;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Result.Joined;
import io.groupmembership.membership.Result.Refusal;
import io.groupmembership.membership.Result.Refused;
import io.groupmembership.protocol.Limits;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when a cluster has as many groups as it may have. */
class GroupLimitTest {
    private static final GroupKey NEW = new GroupKey("default", "new");

    private final TestCluster cluster = TestCluster.withNodes(1);

    private static GroupKey group(int number) {
        return new GroupKey("default", "g%05d".formatted(number));
    }

    @BeforeEach
    void aFullCluster() {
        for (int i = 0; i < Limits.GROUPS; i++) {
            assertThat(cluster.join(group(i), agent("a", 1))).isInstanceOf(Joined.class);
        }
    }

    private void empty(int number) {
        assertThat(cluster.apply(cluster.leaving(group(number), "a"))).isInstanceOf(Result.Left.class);
    }

    @Test
    void whereNoGroupIsBlankANewOneIsRefused() {
        assertThat(cluster.joins(NEW, agent("a", 1), agent("b", 1)))
                .containsOnly(new Refused(Refusal.TOO_MANY_GROUPS, Limits.GROUPS))
                .hasSize(2);
        assertThat(cluster.apply(TestCluster.maxMembers(NEW, 5)))
                .isEqualTo(new Refused(Refusal.TOO_MANY_GROUPS, Limits.GROUPS));
        assertThat(cluster.join(group(3), agent("b", 1))).isInstanceOf(Joined.class);
    }

    @Test
    void theGroupThatHasBeenBlankForLongestMakesRoom() {
        empty(7);
        empty(5);
        assertThat(cluster.join(NEW, agent("a", 1))).isInstanceOf(Joined.class);
        assertThat(cluster.state().view(group(7))).isEmpty();
        assertThat(cluster.state().view(group(5))).isPresent();
        assertThat(cluster.forgotten).containsExactly(group(7));
        assertThat(cluster.state().groupCount()).isEqualTo(Limits.GROUPS);
    }

    /** Clocks of leaders differ: which group goes is told by the log. */
    @Test
    void theClockOfALeaderHasNoSayInWhichGroupGoes() {
        cluster.at(9_000_000);
        empty(7);
        cluster.at(1);
        empty(5);
        assertThat(cluster.join(NEW, agent("a", 1))).isInstanceOf(Joined.class);
        assertThat(cluster.state().view(group(7))).isEmpty();
    }

    @Test
    void viewNumbersOfAGroupThatMadeRoomAreNotUsedAgain() {
        for (int i = 0; i < 3; i++) {
            assertThat(cluster.join(group(7), agent("b", 10 + i))).isInstanceOf(Joined.class);
            cluster.apply(cluster.leaving(group(7), "b"));
        }
        empty(7);
        long last = cluster.view(group(7));
        assertThat(last).isEqualTo(8);
        cluster.in(NEW, agent("a", 1));
        assertThat(cluster.view(NEW)).isEqualTo(last + 1);
        cluster.restart();

        // When: it comes back
        cluster.apply(cluster.leaving(NEW, "a"));
        assertThat(((Joined) cluster.join(group(7), agent("c", 1))).view()).isGreaterThan(last);
        // and a watcher of its former life is told to start anew, as the numbers in between are none of its past
        assertThat(cluster.state().changesSince(group(7), last)).isEmpty();
        assertThat(cluster.state().changesSince(group(7), last - 2)).isEmpty();
        assertThat(cluster.state().changesSince(group(7), cluster.view(group(7)) - 1))
                .isPresent();
    }

    @Test
    void aGroupWithAPolicyOfItsOwnIsNotBlank() {
        cluster.apply(TestCluster.maxMembers(group(7), 5));
        empty(7);
        assertThat(cluster.join(NEW, agent("a", 1))).isEqualTo(new Refused(Refusal.TOO_MANY_GROUPS, Limits.GROUPS));
    }

    @Test
    void aPolicyThatIsSetBackToTheDefaultKeepsNoGroup() {
        cluster.apply(TestCluster.maxMembers(group(7), 5));
        empty(7);
        cluster.apply(new Command.PutPolicy(group(7), GroupPolicy.DEFAULT));
        assertThat(cluster.join(NEW, agent("a", 1))).isInstanceOf(Joined.class);
    }

    @Test
    void aJoinThatIsRefusedTakesNoRoomFromAnyone() {
        empty(7);
        byte[] before = bytesOf(cluster.state());
        assertThat(cluster.joins(NEW)).isEmpty();
        assertThat(bytesOf(cluster.state())).isEqualTo(before);
        assertThat(cluster.state().view(group(7))).isPresent();
    }

    private static byte[] bytesOf(MembershipState state) {
        return List.copyOf(Facts.of(state).views()).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
