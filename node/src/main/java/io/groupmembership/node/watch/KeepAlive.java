package io.groupmembership.node.watch;

/** Which streams get a comment at which second: each every 15 seconds, and a fifteenth of them at once. */
final class KeepAlive {
    static final long TICK_MILLIS = 1_000;

    private static final int TICKS = 15;

    private KeepAlive() {}

    static boolean isTurnOf(Watcher watcher, int tick) {
        return Math.floorMod(System.identityHashCode(watcher), TICKS) == Math.floorMod(tick, TICKS);
    }
}
