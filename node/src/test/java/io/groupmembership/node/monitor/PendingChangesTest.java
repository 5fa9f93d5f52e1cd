package io.groupmembership.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.node.monitor.PendingChanges.Changes;
import io.groupmembership.node.monitor.PendingChanges.GroupName;
import io.groupmembership.protocol.HeartbeatMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PendingChangesTest {
    private final PendingChanges pending = new PendingChanges();

    private void allKindsOfChanges() {
        pending.monitor(Watching.member("payments", 7, HeartbeatMode.UDP, "h:1", Duration.ofSeconds(1)));
        pending.viewChanged(new GroupName("default", "payments"), 3);
        pending.ticked(11);
    }

    @Test
    void whatIsTakenIsTakenOnce() {
        pending.nodesAre(Set.of("node-1"));
        allKindsOfChanges();

        Changes first = pending.take();
        assertThat(first.wishes()).containsOnlyKeys(7L);
        assertThat(first.views()).hasSize(1);
        assertThat(first.nonces()).containsExactly(11L);
        assertThat(pending.take()).isEqualTo(new Changes(false, Map.of(), Map.of(), List.of(), Set.of("node-1")));
    }

    /** A beat that got into what was taken before it would begin the node's lease ahead of the wishes before the beat. */
    @Test
    void nothingThatComesLaterGetsIntoWhatWasTaken() {
        Changes none = pending.take();
        allKindsOfChanges();
        assertThat(none).isEqualTo(Changes.NONE);

        Changes some = pending.take();
        pending.forget(8);
        pending.ticked(12);
        assertThat(some.wishes()).containsOnlyKeys(7L);
        assertThat(some.nonces()).containsExactly(11L);
    }

    @Test
    void aSnapshotEndsWhatWasWantedBefore() {
        allKindsOfChanges();
        pending.retainOnly(List.of());

        Changes taken = pending.take();

        assertThat(taken.onlyThese()).isTrue();
        assertThat(taken.wishes()).isEmpty();
        assertThat(pending.take().onlyThese()).isFalse();
    }
}
