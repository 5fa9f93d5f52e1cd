package io.groupmembership.node.monitor;

import io.groupmembership.node.monitor.HostResolver.Host;
import io.groupmembership.node.monitor.PendingChanges.Changes;
import io.groupmembership.node.monitor.PendingChanges.GroupName;
import io.groupmembership.node.monitor.Watch.GroupView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is watched, and whose turn is next. It belongs to the event loop.
 *
 * <p>Invariants: every watch has exactly one timer; a group's view is kept as long as it has a watch.
 */
final class WatchTable {
    /** The grain of time: pings of one tick go out together, so the loop wakes up 120 times a second and no oftener. */
    static final long TICK_NANOS = 1L << 23;

    private static final int TICKS_PER_WHEEL = 1 << 10;
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

    /** Does what is to be done for a watch at its time. */
    @FunctionalInterface
    interface Turn {
        /** Returns when the watch has its next turn, in nanoseconds of the clock. */
        long take(Watch watch, long nowNanos);
    }

    private final HostResolver hosts;
    private final RandomGenerator random;
    private final Consumer<Watch> onForget;
    private final DeadlineTimerWheel wheel;
    private final Long2ObjectHashMap<Watch> byTimer = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<Watch> byIncarnation = new Long2ObjectHashMap<>();
    private final Map<GroupName, GroupView> groups = new HashMap<>();
    private Iterator<Map.Entry<Long, Optional<MonitoredMember>>> inHand = Collections.emptyIterator();

    /** @param onForget ends what a watch has under way, when it is watched no more */
    WatchTable(HostResolver hosts, RandomGenerator random, Consumer<Watch> onForget, long nowNanos) {
        this.hosts = hosts;
        this.random = random;
        this.onForget = onForget;
        this.wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, nowNanos, TICK_NANOS, TICKS_PER_WHEEL);
    }

    int size() {
        return byIncarnation.size();
    }

    @Nullable Watch get(long incarnation) {
        return byIncarnation.get(incarnation);
    }

    /** When the tick under way is over, in nanoseconds of the clock. */
    long tickEndNanos() {
        return wheel.currentTickTime();
    }

    /**
     * Does what is wanted.
     *
     * @param most wishes to fulfil now, as pings must not wait for a burst of a hundred thousand joins
     * @return whether some are left for the next time
     */
    boolean apply(PendingChanges pending, int most, long nowNanos) {
        if (!inHand.hasNext()) {
            Changes changes = pending.take();
            if (changes.onlyThese()) {
                forgetAllBut(changes.wishes());
            }
            changes.views().forEach(this::viewChanged);
            inHand = changes.wishes().entrySet().iterator();
        }
        for (int done = 0; done < most && inHand.hasNext(); done++) {
            Map.Entry<Long, Optional<MonitoredMember>> wish = inHand.next();
            if (wish.getValue().isPresent()) {
                monitor(wish.getValue().get(), nowNanos);
            } else {
                forget(wish.getKey());
            }
        }
        return inHand.hasNext();
    }

    private void forgetAllBut(Map<Long, Optional<MonitoredMember>> wishes) {
        List<Watch> surplus = new ArrayList<>();
        byIncarnation.forEachLong((incarnation, watch) -> {
            if (!wishes.containsKey(incarnation)) {
                surplus.add(watch);
            }
        });
        surplus.forEach(this::end);
    }

    private void viewChanged(GroupName name, long view) {
        GroupView group = groups.get(name);
        if (group != null) {
            group.view = view;
        }
    }

    private void forget(long incarnation) {
        Watch watch = byIncarnation.get(incarnation);
        if (watch != null) {
            end(watch);
        }
    }

    private void monitor(MonitoredMember member, long nowNanos) {
        Watch before = byIncarnation.get(member.incarnation());
        if (before != null) {
            if (member.assignmentEpoch() < before.member.assignmentEpoch()) {
                return;
            }
            if (member.sameWatch(before.member)) {
                before.group.view = Math.max(before.group.view, member.view());
                return;
            }
            end(before);
        }
        begin(member, nowNanos);
    }

    private void begin(MonitoredMember member, long nowNanos) {
        GroupView group = groups.computeIfAbsent(nameOf(member), name -> new GroupView(member.view()));
        group.view = Math.max(group.view, member.view());
        group.members++;
        long intervalNanos = intervalNanos(member.interval());
        // A random phase, or members that joined in one batch would be pinged in one burst for ever.
        long firstDueNanos = nowNanos + random.nextLong(intervalNanos);
        int misses = Math.max(1, member.misses());
        HeartbeatSchedule schedule = new HeartbeatSchedule(intervalNanos, misses, firstDueNanos, nowNanos);
        Watch watch = new Watch(member, schedule, group, addressOf(member, nowNanos));
        byIncarnation.put(member.incarnation(), watch);
        setTimer(watch, firstDueNanos);
    }

    private ProbeAddress addressOf(MonitoredMember member, long nowNanos) {
        try {
            ProbeAddress.Parts parts = ProbeAddress.parse(member.heartbeatAddress(), member.mode());
            Host host = hosts.acquire(parts.hostPort().host(), nowNanos);
            return new ProbeAddress(
                    host, parts.hostPort().port(), parts.hostPort().toString(), parts.path());
        } catch (IllegalArgumentException e) {
            return new ProbeAddress(Host.unusable("its address " + e.getMessage()), 0, "", "/");
        }
    }

    private void end(Watch watch) {
        watch.forgotten = true;
        byIncarnation.remove(watch.member.incarnation());
        byTimer.remove(watch.timerId);
        wheel.cancelTimer(watch.timerId);
        hosts.release(watch.address.host());
        if (--watch.group.members == 0) {
            groups.remove(nameOf(watch.member));
        }
        onForget.accept(watch);
    }

    /**
     * Gives those whose time has come their turn.
     *
     * @param most turns to give now; the others come late, next time
     * @return whether some are left for the next time
     */
    boolean takeTurns(Turn turn, int most, long nowNanos) {
        if (wheel.timerCount() == 0) {
            wheel.currentTickTime(nowNanos);
            return false;
        }
        int left = most;
        while (left > 0) {
            int expired = wheel.poll(nowNanos, (unit, now, timerId) -> expired(turn, timerId, now), left);
            left -= expired;
            if (expired == 0 && nowNanos < wheel.currentTickTime()) {
                return false;
            }
        }
        return true;
    }

    private boolean expired(Turn turn, long timerId, long nowNanos) {
        Watch watch = byTimer.remove(timerId);
        if (watch == null) {
            return true;
        }
        // Set again even where the turn ends by an exception: a watch without a timer would never be looked at again.
        long nextNanos = nowNanos + TICK_NANOS;
        try {
            nextNanos = Math.max(nextNanos, turn.take(watch, nowNanos));
        } finally {
            setTimer(watch, nextNanos);
        }
        return true;
    }

    private void setTimer(Watch watch, long deadlineNanos) {
        watch.timerId = wheel.scheduleTimer(deadlineNanos);
        byTimer.put(watch.timerId, watch);
    }

    private static GroupName nameOf(MonitoredMember member) {
        return new GroupName(member.namespace(), member.group());
    }

    private static long intervalNanos(Duration interval) {
        if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
            return SHORTEST_INTERVAL.toNanos();
        }
        return interval.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL.toNanos() : interval.toNanos();
    }
}
