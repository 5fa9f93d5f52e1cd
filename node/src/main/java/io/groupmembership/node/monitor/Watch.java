package io.groupmembership.node.monitor;

import io.groupmembership.node.monitor.SilentMember.Probe;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One member without an agent, that is watched over by connections: its schedule, where it is, and what it has missed. It
 * belongs to the event loop.
 */
final class Watch extends Timed {
    /** Does what is to be done for a watch at its time. */
    @FunctionalInterface
    interface Turn {
        /** Returns when the watch has its next turn, in nanoseconds of the clock. */
        long take(Watch watch, long nowNanos);
    }

    private record Miss(String result, long atNanos) {}

    final MonitoredMember member;
    final HeartbeatSchedule schedule;
    final Place place;
    private final Turn turn;

    /** Whether it waits for its turn to connect. */
    boolean waiting;
    /** Whether it is watched no more: what is still in a queue skips it. */
    boolean forgotten;
    /** The connection under way, if there is one. */
    ConnectionProbes.@Nullable Attempt attempt;

    private @Nullable String failure;
    private @Nullable ArrayDeque<Miss> missed;

    Watch(MonitoredMember member, HeartbeatSchedule schedule, Place place, Turn turn) {
        this.member = member;
        this.schedule = schedule;
        this.place = place;
        this.turn = turn;
    }

    @Override
    long take(long nowNanos) {
        return turn.take(this, nowNanos);
    }

    /** The newest attempt came to nothing before its time was over; whether that is a miss is decided at the next ping. */
    void attemptFailed(String result) {
        failure = result;
    }

    /** A new attempt begins: nothing has failed yet. */
    void attemptBegins() {
        failure = null;
    }

    /** Takes an answer to this ping, and says whether it counts. */
    boolean answered(long sequence, long nowNanos) {
        if (!schedule.answered(sequence, nowNanos)) {
            return false;
        }
        failure = null;
        missed = null;
        return true;
    }

    /** Keeps the evidence of a miss; only the last ones that a report shows. */
    void missed(long nowNanos) {
        ArrayDeque<Miss> misses = missed;
        if (misses == null) {
            misses = new ArrayDeque<>(4);
            missed = misses;
        }
        if (misses.size() >= Math.max(1, member.misses())) {
            misses.removeFirst();
        }
        misses.addLast(new Miss(failure == null ? "no answer" : failure, nowNanos));
    }

    /** Whether its last ping was missed, and it is not held to be silent yet. */
    boolean isMissing() {
        return schedule.misses() > 0 && schedule.misses() < Math.max(1, member.misses());
    }

    /** The report on this member. */
    SilentMember report(long nowNanos, Map<String, Long> health) {
        ArrayDeque<Miss> misses = missed;
        List<Probe> probes = misses == null
                ? List.of()
                : misses.stream()
                        .map(miss ->
                                new Probe(member.mode().word(), miss.result, millisBetween(miss.atNanos, nowNanos)))
                        .toList();
        long lastAnswerMillis = millisBetween(schedule.lastAnswerNanos(), nowNanos);
        return new SilentMember(member, schedule.everAnswered(), lastAnswerMillis, probes, health);
    }

    private static long millisBetween(long thenNanos, long nowNanos) {
        return TimeUnit.NANOSECONDS.toMillis(nowNanos - thenNanos);
    }
}
