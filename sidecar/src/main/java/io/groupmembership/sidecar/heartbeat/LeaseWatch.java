package io.groupmembership.sidecar.heartbeat;

import io.groupmembership.protocol.clock.LeaseClock;
import io.groupmembership.sidecar.member.StatusBoard;
import java.io.Closeable;

/**
 * Sees the end of every lease, on a thread that sleeps by the clock of the leases: no other wait counts the time for
 * which a machine is suspended. A lease that was extended meanwhile has another end, and the thread sleeps again; so it
 * wakes up once a lease, however often that is confirmed.
 */
public final class LeaseWatch implements Closeable {
    private final StatusBoard board;
    private final LeaseClock clock;
    private final Thread thread;
    private volatile boolean closed;

    public LeaseWatch(StatusBoard board, LeaseClock clock) {
        this.board = board;
        this.clock = clock;
        this.thread =
                Thread.ofPlatform().name("lease").daemon().stackSize(256 * 1024).start(this::watch);
    }

    private void watch() {
        try {
            while (!closed) {
                clock.sleepUntil(board.awaitLease());
                board.fenceIfOver();
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
