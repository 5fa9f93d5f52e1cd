package io.groupmembership.sidecar;

import io.groupmembership.protocol.clock.LeaseClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test moves, as a suspended machine moves the real one. */
public final class ManualClock implements LeaseClock {
    private final AtomicLong now = new AtomicLong(1_000_000_000_000L);

    @Override
    public long nanos() {
        return now.get();
    }

    public void advance(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
