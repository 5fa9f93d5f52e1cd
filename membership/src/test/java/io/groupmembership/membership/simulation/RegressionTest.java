package io.groupmembership.membership.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.simulation.Fault.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Plans that once broke something, as the simulator shrank and printed them. Each is run with the rule broken again too,
 * so that it is known to be about that rule still; where the simulator has changed and it is not, {@code Mutants} has
 * seeds for a new one.
 */
class RegressionTest {
    /** A node that could propose, but applied nothing, registered itself again, and its members moved to and fro. */
    @Test
    void aNodeThatWasDeclaredDownComesBackByABeatAlone() {
        Plan plan = new Plan(
                1308L,
                3,
                true,
                new GroupPolicy(1000, 3, 1000),
                Plan.Ending.ONE_NODE_COMES_BACK_EMPTY,
                List.of(
                        new Fault(Kind.NEW_MEMBER, 4456L, 5065426765213897745L),
                        new Fault(Kind.NEW_MEMBER, 2752L, -3582037431724534992L),
                        new Fault(Kind.NEW_MEMBER, 5825L, 1064709558092851337L),
                        new Fault(Kind.NEW_MEMBER, 2511L, -262451788918903310L),
                        new Fault(Kind.NEW_MEMBER, 3308L, -4943289303220700814L),
                        new Fault(Kind.NEW_MEMBER, 4967L, -9083778617980712810L),
                        new Fault(Kind.NEW_MEMBER, 2764L, 402632422690044833L),
                        new Fault(Kind.NEW_MEMBER, 5086L, 3315058698279895734L),
                        new Fault(Kind.STRAND_NODE, 55527L, -4255788356906377913L),
                        new Fault(Kind.DEAFEN_NODE, 46064L, 6122683525891026320L),
                        new Fault(Kind.STRAND_NODE, 34017L, 1861517841388777159L),
                        new Fault(Kind.WEATHER, 58634L, -236017229961549187L)));

        assertBreaksOnlyWith("a node that registers counts as live", plan);
    }

    private static void assertBreaksOnlyWith(String mutation, Plan plan) {
        assertThat(Simulation.run(plan, Parts.PRODUCTION).violation()).isEmpty();
        assertThat(Simulation.run(plan, Mutation.named(mutation).parts()).violation())
                .as("with " + mutation)
                .isPresent();
    }
}
