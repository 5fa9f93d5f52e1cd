package io.groupmembership.protocol.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times are small numbers: nothing here depends on what they count. L is 1200, A is 400, and d is 0.2. */
class LeaseTest {
    private static final long L = 1_200;

    @Nested
    class OfAMember {
        private final MemberLease lease = new MemberLease(Drift.BOUND);

        @Test
        void itBeginsWithTheFirstConfirmation() {
            assertThat(lease.isNews(1, 1)).isTrue();
            assertThat(lease.isValid(0)).isFalse();
            lease.confirm(10, L, 20);
            assertThat(lease.isValid(20)).isTrue();
        }

        @Test
        void itRunsFromTheSendingOfTheAckShorterByTheDrift() {
            lease.confirm(10, L, 500);
            assertThat(lease.isValid(1_009)).isTrue();
            assertThat(lease.isValid(1_010)).isFalse();
            assertThat(lease.leftNanos(1_000)).isEqualTo(10);
        }

        @Test
        void aConfirmationOfAnOlderAckTakesNothingBack() {
            lease.confirm(100, L, 110);
            lease.confirm(10, L, 120);
            lease.confirm(100, 12, 130);
            assertThat(lease.isValid(1_099)).isTrue();
            assertThat(lease.isValid(1_100)).isFalse();
        }

        @Test
        void aFreshConfirmationLiftsTheFence() {
            lease.confirm(10, L, 20);
            assertThat(lease.isValid(2_000)).isFalse();
            lease.confirm(2_000, L, 2_010);
            assertThat(lease.isValid(2_010)).isTrue();
        }

        @Test
        void anAckFromTheFutureIsNoneOfOurs() {
            lease.confirm(30, L, 20);
            assertThat(lease.isValid(20)).isFalse();
        }

        @ParameterizedTest
        @CsvSource({"1, 5, false", "1, 4, false", "1, 6, true", "2, 0, true", "0, 9, false"})
        void newsIsWhatHasALaterEpochOrALaterSequence(int epoch, long sequence, boolean news) {
            assertThat(lease.isNews(1, 5)).isTrue();
            assertThat(lease.isNews(epoch, sequence)).isEqualTo(news);
        }
    }

    @Nested
    class OfAMonitor {
        @Test
        void whoWasNeverConfirmedBelievesNothing() {
            assertThat(new GrantedLease().isOver(0)).isTrue();
        }

        @Test
        void itRunsFromTheReceiptOfTheLatestAck() {
            GrantedLease lease = new GrantedLease();
            assertThat(lease.acked(10, L)).isTrue();
            assertThat(lease.acked(20, 100)).isTrue();
            assertThat(lease.isOver(1_209)).isFalse();
            assertThat(lease.isOver(1_210)).isTrue();
        }

        @Test
        void whoTakesOverWaitsForTheOtherNodeAndForWhatItGranted() {
            GrantedLease lease = new GrantedLease(1_000, 400, L, Drift.BOUND);
            assertThat(lease.isOver(1_000 + 480 + L - 1)).isFalse();
            assertThat(lease.isOver(1_000 + 480 + L)).isTrue();
        }

        @Test
        void anAckAfterATakeoverCountsAsUsual() {
            GrantedLease lease = new GrantedLease(1_000, 400, L, Drift.BOUND);
            assertThat(lease.acked(2_000, L)).isTrue();
            assertThat(lease.isOver(1_000 + 480 + L)).isFalse();
            assertThat(lease.isOver(2_000 + L)).isTrue();
        }

        @Test
        void aPromiseIsKept() {
            GrantedLease lease = new GrantedLease();
            lease.acked(10, L);
            lease.promise();
            assertThat(lease.acked(20, L)).isFalse();
            assertThat(lease.isPromised()).isTrue();
            assertThat(lease.isOver(1_210)).isTrue();
        }
    }

    @Nested
    class OfANode {
        private final NodeLease lease = new NodeLease(400);

        @Test
        void itRunsFromTheMakingOfItsNumber() {
            lease.make(7, 100);
            assertThat(lease.isHeld(100)).isFalse();
            assertThat(lease.applied(7)).isTrue();
            assertThat(lease.isHeld(499)).isTrue();
            assertThat(lease.isHeld(500)).isFalse();
        }

        @Test
        void aNumberOfAnotherProcessCountsForNothing() {
            lease.make(7, 100);
            assertThat(lease.applied(8)).isFalse();
            assertThat(new NodeLease(400).applied(0)).isFalse();
            assertThat(lease.isHeld(100)).isFalse();
        }

        @Test
        void anOlderNumberTakesNothingBack() {
            lease.make(7, 100);
            lease.make(8, 200);
            lease.applied(8);
            lease.applied(7);
            assertThat(lease.isHeld(599)).isTrue();
        }

        @Test
        void onlyTheLatestNumbersAreRemembered() {
            for (int i = 0; i < 65; i++) {
                lease.make(1_000 + i, i);
            }
            assertThat(lease.applied(1_000)).isFalse();
            assertThat(lease.applied(1_001)).isTrue();
        }
    }

    @Nested
    class UnderDrift {
        @ParameterizedTest
        @CsvSource({"1200, 1000, 1440", "1, 0, 2", "0, 0, 0", "5, 4, 6"})
        void aHolderRoundsDownAndAWaiterUp(long term, long held, long waited) {
            assertThat(Drift.BOUND.held(term)).isEqualTo(held);
            assertThat(Drift.BOUND.waited(term)).isEqualTo(waited);
        }

        @Test
        void aBoundThatIsNoneIsRefused() {
            assertThatThrownBy(() -> new Drift(-1)).hasMessageContaining("perMille");
            assertThatThrownBy(() -> new Drift(1_001)).hasMessageContaining("perMille");
        }
    }
}
