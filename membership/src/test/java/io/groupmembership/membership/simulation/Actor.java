package io.groupmembership.membership.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** Something that runs, is paused, and dies. What happens to it while it is paused happens when it goes on. */
class Actor {
    final int place;
    final Clock clock;
    boolean alive = true;
    private boolean paused;
    private boolean suspended;
    private long pausedAtNanos;
    private int life;
    private final Deque<Runnable> packets = new ArrayDeque<>();
    private final Deque<Runnable> timers = new ArrayDeque<>();

    /** @param place where it is in the network */
    Actor(int place, Clock clock) {
        this.place = place;
        this.clock = clock;
    }

    String name() {
        return "place " + place;
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

    /** @param timersFirst whether it looks at what is due before it reads what lies in the socket */
    void resume(long nowNanos, boolean timersFirst) {
        if (!paused) {
            return;
        }
        paused = false;
        if (suspended) {
            clock.suspendedFor(nowNanos - pausedAtNanos);
        }
        run(timersFirst ? timers : packets);
        run(timersFirst ? packets : timers);
    }

    /** Whether something has come in that it has not read. */
    boolean hasUnread() {
        return !packets.isEmpty();
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
