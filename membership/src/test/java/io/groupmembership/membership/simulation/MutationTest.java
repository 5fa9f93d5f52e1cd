package io.groupmembership.membership.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulator finds faults: each rule that is broken breaks a property within so many seeds. */
class MutationTest {
    static List<Mutation> mutations() {
        return Mutation.all();
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void aBrokenRuleIsFoundOut(Mutation mutation) {
        assertThat(Plan.seeds(mutation.from(), mutation.seeds())
                        .parallel()
                        .anyMatch(seed -> Simulation.run(seed, mutation.parts())
                                .violation()
                                .isPresent()))
                .as("found out within %d seeds from %d on", mutation.seeds(), mutation.from())
                .isTrue();
    }
}
