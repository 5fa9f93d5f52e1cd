package io.groupmembership.membership.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The four properties hold under whatever the simulator thinks of. */
class SimulationTest {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void nothingBreaksInTwoThousandSeeds() throws InterruptedException {
        assertNothingBreaks(0, 2_000);
    }

    @Test
    @Tag("slow")
    void norInTenThousandOthers() throws InterruptedException {
        assertNothingBreaks(2_000, 10_000);
    }

    private static void assertNothingBreaks(long from, long count) throws InterruptedException {
        Seeds.Tally tally = Seeds.run(from, count, LONG);

        assertThat(tally.violations())
                .as("./gm simulate --seed tells the story of one")
                .extracting(bad ->
                        "seed " + bad.plan().seed() + ": " + bad.violation().orElseThrow())
                .isEmpty();
        assertThat(tally.removals()).as("crashes that were found").isGreaterThan(count);
        assertThat(tally.falseRemovals())
                .as("as some faults last longer than a lease")
                .isPositive();
    }

    @Test
    void theSameSeedIsTheSameRun() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(Simulation.run(seed, Parts.PRODUCTION)).isEqualTo(Simulation.run(seed, Parts.PRODUCTION));
        }
    }
}
