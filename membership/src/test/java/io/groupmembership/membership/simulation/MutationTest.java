package io.groupmembership.membership.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
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
        OptionalLong caught = LongStream.range(0, mutation.seeds())
                .filter(seed ->
                        Simulation.run(seed, mutation.parts()).violation().isPresent())
                .findFirst();
        assertThat(caught).as("%s within %d seeds", mutation, mutation.seeds()).isPresent();
    }
}
