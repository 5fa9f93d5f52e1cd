package io.groupmembership.membership.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The short form of {@link LossStudy}. */
class LossStudyTest {
    private static final long ROUNDS = 1_000_000;

    @Test
    void lossOfOneInTenEachWayRemovesNobodyWhereThePlainRuleRemovesThousands() {
        LossStudy.Counts counts = LossStudy.study(0.10, ROUNDS, true);

        assertThat(counts.rounds()).isGreaterThanOrEqualTo(ROUNDS - 100);
        assertThat(counts.removals()).isZero();
        // (1 - 0.9 * 0.9)^3 of the rounds, and the count starts anew after each
        assertThat(counts.plainRemovals()).isBetween(5_000L, 6_500L);
    }

    @Test
    void withoutLossNobodyIsFencedOrHandedOver() {
        LossStudy.Counts counts = LossStudy.study(0, ROUNDS, true);

        assertThat(counts.removals()).isZero();
        assertThat(counts.fencings()).isZero();
        assertThat(counts.handOvers()).isZero();
        assertThat(counts.plainRemovals()).isZero();
    }

    @Test
    void anAckThatIsRepeatedUntilItIsConfirmedKeepsMembersFromBeingFenced() {
        assertThat(LossStudy.study(0.10, ROUNDS, true).fencings())
                .isLessThan(LossStudy.study(0.10, ROUNDS, false).fencings() / 50);
    }
}
