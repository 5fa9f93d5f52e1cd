package io.groupmembership.membership.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.simulation.Fault.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Plans that once broke something, as the simulator shrank and printed them. That the rule itself is still looked at,
 * when delays fall otherwise than they did then, is what {@link MutationTest} sees to.
 */
class RegressionTest {
    /** A node that could propose, but applied nothing, registered itself again, and its members moved to and fro. */
    @Test
    void aNodeThatWasDeclaredDownComesBackByABeatAlone() {
        assertHolds(new Plan(
                1336L,
                3,
                true,
                new GroupPolicy(2000, 3, 1000),
                Plan.Ending.ONE_NODE_COMES_BACK_EMPTY,
                List.of(
                        new Fault(Kind.NEW_MEMBER, 4535L, -1622995139680030663L),
                        new Fault(Kind.NEW_MEMBER, 3648L, 6229181386670312860L),
                        new Fault(Kind.WEATHER, 4000L, 6773085898729800879L),
                        new Fault(Kind.SLOW_LOG, 54268L, 8830156114837401372L),
                        new Fault(Kind.RESTART_MEMBER, 55733L, 4055940860268756044L),
                        new Fault(Kind.SLOW_LOG, 52197L, 7958014755492517950L),
                        new Fault(Kind.RESTART_MEMBER, 5499L, 3101033571709908619L),
                        new Fault(Kind.RESTART_MEMBER, 23295L, -4321154588372981868L),
                        new Fault(Kind.RESTART_MEMBER, 54485L, 1697447496595080195L))));
    }

    private static void assertHolds(Plan plan) {
        assertThat(Simulation.run(plan, Parts.PRODUCTION).violation()).isEmpty();
    }
}
