package io.groupmembership.membership.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulationTest {
    @Test
    void nothingBreaks() {
        long seeds = Long.getLong("seeds", 200);
        long from = Long.getLong("from", 0);
        long begun = System.nanoTime();
        long events = 0;
        long falseRemovals = 0;
        int bad = 0;
        for (long seed = from; seed < from + seeds; seed++) {
            Simulation.Outcome outcome = Simulation.run(seed, Parts.PRODUCTION);
            events += outcome.events();
            falseRemovals += outcome.falseRemovals();
            if (outcome.violation().isPresent()) {
                bad++;
                if (bad < 12)
                    System.out.println("seed " + seed + " at " + outcome.virtualNanos() / World.MILLI + " ms: "
                            + outcome.violation().get());
            }
        }
        System.out.println(seeds + " seeds, " + events / seeds + " events each, false removals " + falseRemovals
                + ", bad " + bad + ", ms/seed " + (System.nanoTime() - begun) / 1e6 / seeds);
        assertThat(bad).isZero();
    }
}
