package io.groupmembership.sidecar.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.clock.BootClock;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import io.groupmembership.sidecar.member.StatusBoard;
import io.groupmembership.sidecar.member.StatusBoardAccess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** By the real clock. */
class LeaseWatchTest {
    private final BootClock clock = BootClock.system();
    private final StatusBoard board = StatusBoard.withLease("payments/a", _ -> {}, clock);
    private final CompletableFuture<Long> fencedNanos = new CompletableFuture<>();

    @Test
    void theEndOfAnExtendedLeaseIsNoticedAtOnceAndNotBefore() throws Exception {
        board.tells(new StatusBoard.Listener() {
            @Override
            public void believes(long incarnation) {}

            @Override
            public void fenced(long incarnation) {
                fencedNanos.complete(clock.nanos());
            }
        });
        try (LeaseWatch _ = new LeaseWatch(board, clock)) {
            StatusBoardAccess.member(board, 17, 3, "a");
            long firstEnd = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(200);
            long end = firstEnd + TimeUnit.MILLISECONDS.toNanos(200);
            board.confirmed(17, firstEnd, DatagramPath.UDP);
            board.confirmed(17, end, DatagramPath.UDP);
            long lateNanos = fencedNanos.get(10, TimeUnit.SECONDS) - end;
            assertThat(lateNanos).isBetween(0L, TimeUnit.SECONDS.toNanos(1));
        }
    }
}
