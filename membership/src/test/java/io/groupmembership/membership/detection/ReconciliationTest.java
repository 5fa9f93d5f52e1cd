package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.detection.NodeMonitor.Reconciled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the watches follow the state: by what is assigned, and by a snapshot as a whole. */
class ReconciliationTest {
    private final MonitorTranscript node = new MonitorTranscript();

    private static Charge charge(int number, int epoch) {
        return MonitorTranscript.charge(number, epoch, 0, MonitorTranscript.POLICY);
    }

    private static List<Charge> chargeOf(int epoch) {
        return epoch == 0 ? List.of() : List.of(charge(1, epoch));
    }

    private static List<Integer> epochs(List<MemberWatch> watches) {
        return watches.stream().map(MemberWatch::epoch).toList();
    }

    /** Epoch 0 is: not watched, or not in the snapshot as this node's. */
    @ParameterizedTest
    @CsvSource({"3, 3, false, false", "3, 0, false, true", "0, 3, true, false", "3, 4, true, true", "0, 0, false, false"
    })
    void aWatchIsKeptEndedOrBegun(int watchedEpoch, int snapshotEpoch, boolean begins, boolean ends) {
        // given
        chargeOf(watchedEpoch).forEach(node::watches);
        MemberWatch before = node.monitor.find(1);

        // when
        Reconciled reconciled = node.monitor.reconcile(chargeOf(snapshotEpoch), node.nowNanos());

        // then
        assertThat(epochs(reconciled.begun())).isEqualTo(begins ? List.of(snapshotEpoch) : List.of());
        assertThat(epochs(reconciled.ended())).isEqualTo(ends ? List.of(watchedEpoch) : List.of());
        assertThat(epochs(List.copyOf(node.monitor.watches())))
                .isEqualTo(snapshotEpoch == 0 ? List.of() : List.of(snapshotEpoch));
        assertThat(node.monitor.find(1) == before).isEqualTo(!begins && !ends);
    }

    /** Between the join and the snapshot, others may have had the member under this very epoch's predecessor. */
    @Test
    void whatASnapshotBeginsWaitsAsAfterATakeoverEvenUnderTheFirstEpoch() {
        // when
        node.monitor.reconcile(List.of(charge(1, 1)), node.nowNanos());
        node.until(19_800);

        // then
        assertThat(node.times("suspect m-1 CRASHED")).containsExactly(19_800L);
    }

    @Test
    void whatIsKeptHasThePolicyAndTheRevocationOfTheSnapshot() {
        // given
        node.watches(charge(1, 1));
        node.watches(charge(2, 1));
        node.until(0);
        GroupPolicy policy = new GroupPolicy(10_000, 2, 1_000);

        // when
        node.monitor.reconcile(
                List.of(MonitorTranscript.charge(1, 1, 0, policy), MonitorTranscript.revoked(2, LeaveReason.EVICTED)),
                node.nowNanos());
        node.until(15_000);

        // then
        assertThat(node.watch(1).policy()).isEqualTo(policy);
        assertThat(node.times("suspect m-2 EVICTED")).containsExactly(15_000L);
        assertThat(node.all("suspect m-1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3, 2, 3, false", "3, 3, 3, false", "3, 4, 4, true"})
    void onlyALaterEpochBeginsAnew(int watchedEpoch, int assignedEpoch, int epoch, boolean begins) {
        // given
        node.watches(charge(1, watchedEpoch));

        // when
        boolean begun =
                node.monitor.assigned(charge(1, assignedEpoch), node.nowNanos()).isPresent();

        // then
        assertThat(begun).isEqualTo(begins);
        assertThat(node.watch(1).epoch()).isEqualTo(epoch);
        assertThat(node.monitor.watches()).hasSize(1);
    }

    @Test
    void whoIsGoneIsNotPingedAndNotMissed() {
        // given
        node.watchesSilent(charge(1, 1));
        node.until(6_000);
        assertThat(node.monitor.missing()).containsValue(1);
        node.forgetLines();

        // when
        assertThat(node.monitor.gone(1)).isPresent();
        node.until(30_000);

        // then
        assertThat(node.all("")).isEmpty();
        assertThat(node.monitor.missing()).isEmpty();
        assertThat(node.monitor.gone(1)).isEmpty();
    }
}
