package io.groupmembership.membership.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** Something that runs, is paused, and dies. What happens to it while it is paused happens when it goes on. */
class Actor {
    final Clock clock;
    boolean alive = true;
    private boolean paused;
    private boolean suspended;
    private long pausedAtNanos;
    private int life;
    private final Deque<Runnable> packets = new ArrayDeque<>();
    private final Deque<Runnable> timers = new ArrayDeque<>();

    Actor(Clock clock) {
        this.clock = clock;
    }

    boolean runs() {
        return alive && !paused;
    }

    int life() {
        return life;
    }

    /** It ends; what was meant for this life never happens. */
    void die() {
        alive = false;
        paused = false;
        life++;
        packets.clear();
        timers.clear();
    }

    void pause(long nowNanos, boolean withTheMachine) {
        paused = true;
        suspended = withTheMachine;
        pausedAtNanos = nowNanos;
    }

    /** What lies in the socket is read before any timer is looked at, as the event loops do. */
    void resume(long nowNanos) {
        if (!paused) {
            return;
        }
        paused = false;
        if (suspended) {
            clock.suspendedFor(nowNanos - pausedAtNanos);
        }
        run(packets);
        run(timers);
    }

    private void run(Deque<Runnable> what) {
        for (int left = what.size(); left > 0 && runs(); left--) {
            what.removeFirst().run();
        }
    }

    void take(boolean packet, Runnable action) {
        if (!alive) {
            return;
        }
        if (paused) {
            (packet ? packets : timers).addLast(action);
        } else {
            action.run();
        }
    }
}
