package io.groupmembership.membership.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final Parts COUNTED_FROM_THE_PING =
            Mutation.named("lease counted from the ping").parts();

    @Test
    void whatIsLeftBreaksTheSamePropertyAndNoFaultCanBeLeftOutOfIt() {
        Simulation.Outcome bad = firstCaught();

        Simulation.Outcome smallest = Shrinker.shrink(bad, COUNTED_FROM_THE_PING);

        assertThat(smallest.plan().faults()).hasSizeLessThan(bad.plan().faults().size());
        assertThat(smallest.violation().orElseThrow()).startsWith("accuracy");
        for (int left = 0; left < smallest.plan().faults().size(); left++) {
            List<Fault> kept = new ArrayList<>(smallest.plan().faults());
            kept.remove(left);
            Plan without = smallest.plan().with(kept);
            assertThat(Simulation.run(without, COUNTED_FROM_THE_PING)
                            .violation()
                            .filter(violation -> violation.startsWith("accuracy")))
                    .isEmpty();
        }
    }

    @Test
    void whatIsLeftIsPrintedAsJava() {
        Plan plan = firstCaught().plan();

        assertThat(plan.toJava())
                .startsWith("new Plan(")
                .contains(plan.seed() + "L", "Plan.Ending." + plan.ending())
                .contains("new Fault(Kind." + plan.faults().getFirst().kind());
    }

    private static Simulation.Outcome firstCaught() {
        return Plan.seeds(0, 100)
                .mapToObj(seed -> Simulation.run(seed, COUNTED_FROM_THE_PING))
                .filter(outcome -> outcome.violation().isPresent())
                .findFirst()
                .orElseThrow();
    }
}
