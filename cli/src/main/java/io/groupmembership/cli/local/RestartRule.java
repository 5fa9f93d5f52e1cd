package io.groupmembership.cli.local;

import java.time.Duration;

/**
 * Whether a node that ended is started again, and after what pause.
 *
 * <p>A node ends with 3 where its configuration or identity is wrong and with 4 where its storage is damaged: starting
 * it again would change nothing, so it stays down and a person is told. Every other end is answered by a start, after a
 * pause that doubles from half a second to ten while ends follow each other, and is short again once a node has run
 * for half a minute.
 */
sealed interface RestartRule {
    int CONFIGURATION_PROBLEM = 3;
    int STORAGE_DAMAGED = 4;
    Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    Duration STEADY_AFTER = Duration.ofSeconds(30);

    /** Start it again after the pause. */
    record Restart(Duration pause) implements RestartRule {}

    /** Leave it down and say why. */
    record GiveUp() implements RestartRule {}

    /**
     * @param exitStatus of the process
     * @param ranFor how long it had run
     * @param lastPause the pause before its last start, zero for the first
     */
    static RestartRule after(int exitStatus, Duration ranFor, Duration lastPause) {
        if (exitStatus == CONFIGURATION_PROBLEM || exitStatus == STORAGE_DAMAGED) {
            return new GiveUp();
        }
        if (lastPause.isZero() || ranFor.compareTo(STEADY_AFTER) >= 0) {
            return new Restart(SHORTEST_PAUSE);
        }
        Duration doubled = lastPause.multipliedBy(2);
        return new Restart(doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled);
    }
}
