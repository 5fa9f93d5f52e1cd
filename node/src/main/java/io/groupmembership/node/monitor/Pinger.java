package io.groupmembership.node.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries out what the schedule of a member without an agent decides: has it connected to, and gathers those that have
 * become silent. It belongs to the event loop.
 */
final class Pinger implements Watch.Turn {
    private final ConnectionProbes connections;
    private final HostResolver hosts;
    private final LoopMeter meter;
    private List<Watch> silent = new ArrayList<>();

    Pinger(ConnectionProbes connections, HostResolver hosts, LoopMeter meter) {
        this.connections = connections;
        this.hosts = hosts;
        this.meter = meter;
    }

    /** Takes away those that have become, or still are, silent since the last time. */
    List<Watch> takeSilent() {
        if (silent.isEmpty()) {
            return List.of();
        }
        List<Watch> taken = silent;
        silent = new ArrayList<>();
        return taken;
    }

    @Override
    public long take(Watch watch, long nowNanos) {
        HeartbeatSchedule schedule = watch.schedule;
        if (schedule.isDue(nowNanos)) {
            meter.lag(nowNanos - schedule.dueNanos());
            judge(watch, schedule.due(nowNanos, false), nowNanos);
            ping(watch, nowNanos);
        }
        return schedule.dueNanos();
    }

    private void judge(Watch watch, HeartbeatSchedule.Verdict verdict, long nowNanos) {
        switch (verdict) {
            case CLEAR -> {}
            case EXCUSED -> meter.lateTicks++;
            case MISSED -> missed(watch, nowNanos);
            case SILENT -> {
                missed(watch, nowNanos);
                silent.add(watch);
            }
        }
    }

    private void missed(Watch watch, long nowNanos) {
        meter.misses++;
        watch.missed(nowNanos);
        hosts.refresh(watch.place.host(), nowNanos);
    }

    private void ping(Watch watch, long nowNanos) {
        connections.abandon(watch);
        if (watch.place.target().isPresent()) {
            connections.request(watch);
            return;
        }
        hosts.refresh(watch.place.host(), nowNanos);
        Optional<String> problem = watch.place.host().problem();
        if (problem.isPresent()) {
            // The lookup was the attempt. While the first lookup is under way the ping stays unsent, hence excused.
            watch.schedule.sent(nowNanos);
            watch.attemptFailed(problem.get());
        }
    }
}
