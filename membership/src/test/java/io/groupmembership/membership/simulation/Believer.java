package io.groupmembership.membership.simulation;

import io.groupmembership.protocol.lease.Drift;
import io.groupmembership.protocol.lease.MemberHeartbeat;

/** A member that believes a little more than it may. */
class Believer extends MemberHeartbeat {
    private static final long SHORTEST_LEASE = 2_400 * World.MILLI;

    private boolean believes;
    private long endNanos;

    Believer() {
        super(Drift.BOUND);
    }

    /** Believes for the shortest lease there is, from now on. */
    void believe(long nowNanos) {
        long end = nowNanos + Drift.BOUND.held(SHORTEST_LEASE);
        if (!believes || end > endNanos) {
            believes = true;
            endNanos = end;
        }
    }

    @Override
    public void end() {
        super.end();
        believes = false;
    }

    @Override
    public boolean isValid(long nowNanos) {
        return super.isValid(nowNanos) || (believes && endNanos > nowNanos);
    }

    @Override
    public long leftNanos(long nowNanos) {
        return Math.max(super.leftNanos(nowNanos), believes ? endNanos - nowNanos : 0);
    }
}
