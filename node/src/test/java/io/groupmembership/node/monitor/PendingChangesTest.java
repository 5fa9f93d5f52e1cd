package io.groupmembership.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.node.monitor.PendingChanges.Changes;
import io.groupmembership.node.monitor.PendingChanges.GroupName;
import io.groupmembership.protocol.HeartbeatMode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PendingChangesTest {
    private final PendingChanges pending = new PendingChanges();

    @Test
    void ofManyWishesForAMemberTheLastOneIsKept() {
        // When
        for (int epoch = 0; epoch < 1_000; epoch++) {
            pending.monitor(member(1, epoch));
            pending.forget(2);
            pending.viewChanged(new GroupName("default", "payments"), epoch);
        }
        Changes changes = pending.take();
        // Then
        assertThat(changes.wishes()).hasSize(2);
        assertThat(changes.wishes().get(1L)).hasValue(member(1, 999));
        assertThat(changes.wishes().get(2L)).isEmpty();
        assertThat(changes.views()).containsEntry(new GroupName("default", "payments"), 999L);
        assertThat(changes.onlyThese()).isFalse();
    }

    @Test
    void aSnapshotReplacesWhatWasWantedBeforeItAndNotWhatIsWantedAfterIt() {
        // When
        pending.monitor(member(1, 0));
        pending.retainOnly(List.of(member(2, 0), member(3, 0)));
        pending.forget(3);
        pending.monitor(member(4, 0));
        Changes changes = pending.take();
        // Then
        assertThat(changes.onlyThese()).isTrue();
        assertThat(changes.wishes()).containsOnlyKeys(2L, 3L, 4L);
        assertThat(changes.wishes().get(3L)).isEmpty();
    }

    @Test
    void whatWasTakenIsNotGivenAgain() {
        // Given
        pending.retainOnly(List.of(member(1, 0)));
        pending.take();
        // When
        Changes second = pending.take();
        // Then
        assertThat(second.isEmpty()).isTrue();
    }

    @Test
    void nothingIsKeptForALoopThatHasEnded() {
        // Given
        pending.close();
        // When
        pending.monitor(member(1, 0));
        pending.retainOnly(List.of(member(1, 0)));
        pending.viewChanged(new GroupName("default", "payments"), 1);
        pending.ticked(1);
        // Then
        assertThat(pending.take().isEmpty()).isTrue();
    }

    @Test
    void beatsThatWereAgreedOnAreGivenOnceAndOfTooManyTheNewest() {
        // When
        for (long nonce = 1; nonce <= 1_000; nonce++) {
            pending.ticked(nonce);
        }
        Changes changes = pending.take();
        // Then
        assertThat(changes.isEmpty()).isFalse();
        assertThat(changes.nonces()).hasSize(64).last().isEqualTo(1_000L);
        assertThat(pending.take().isEmpty()).isTrue();
    }

    @Test
    void theLiveNodesAreKnownEachTime() {
        // When
        pending.nodesAre(Set.of("node-1", "node-2"));
        pending.take();
        // Then
        assertThat(pending.take().liveNodes()).containsExactlyInAnyOrder("node-1", "node-2");
    }

    private static MonitoredMember member(long incarnation, int epoch) {
        return Watching.withEpoch(Watching.member(incarnation, HeartbeatMode.UDP, "127.0.0.1:7118"), epoch);
    }
}
