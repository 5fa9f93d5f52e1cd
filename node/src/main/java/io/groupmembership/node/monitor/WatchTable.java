package io.groupmembership.node.monitor;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.node.monitor.PendingChanges.Changes;
import io.groupmembership.protocol.HeartbeatMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Who is watched: members with a lease by {@link Heartbeats}, the others by connections. It belongs to the event loop.
 */
final class WatchTable {
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

    private final Heartbeats heartbeats;
    private final GroupViews groups;
    private final HostResolver hosts;
    private final Wheel wheel;
    private final RandomGenerator random;
    private final Watch.Turn turn;
    private final Consumer<Watch> onForget;
    private final Long2ObjectHashMap<Watch> connected = new Long2ObjectHashMap<>();
    private Changes taken = Changes.NONE;
    private Iterator<Map.Entry<Long, Optional<MonitoredMember>>> inHand = Collections.emptyIterator();

    /** @param onForget ends what a watch has under way, when it is watched no more */
    WatchTable(
            Heartbeats heartbeats,
            GroupViews groups,
            HostResolver hosts,
            Wheel wheel,
            RandomGenerator random,
            Watch.Turn turn,
            Consumer<Watch> onForget) {
        this.heartbeats = heartbeats;
        this.groups = groups;
        this.hosts = hosts;
        this.wheel = wheel;
        this.random = random;
        this.turn = turn;
        this.onForget = onForget;
    }

    int size() {
        return connected.size() + heartbeats.size();
    }

    /** How many members of each group have missed a round and are not reported yet. */
    Map<GroupKey, Integer> missing() {
        Map<GroupKey, Integer> missing = heartbeats.monitor().missing();
        connected.forEachLong((incarnation, watch) -> {
            if (watch.isMissing()) {
                missing.merge(watch.member.charge().group(), 1, Integer::sum);
            }
        });
        return missing;
    }

    /**
     * Does what is wanted.
     *
     * @param most wishes to fulfil now, as pings must not wait for a burst of a hundred thousand joins
     * @return whether some are left for the next time
     */
    boolean apply(PendingChanges pending, int most, LongSupplier clock) {
        if (!inHand.hasNext()) {
            taken = pending.take();
        }
        // not the time at which the pass began: what is taken may have been applied since, and is counted from then
        long nowNanos = clock.getAsLong();
        if (!inHand.hasNext()) {
            heartbeats.monitor().setOthers(taken.liveNodes());
            if (taken.onlyThese()) {
                reconcile(taken, nowNanos);
            }
            taken.views().forEach(groups::changed);
            inHand = taken.wishes().entrySet().iterator();
        }
        for (int done = 0; done < most && inHand.hasNext(); done++) {
            Map.Entry<Long, Optional<MonitoredMember>> wish = inHand.next();
            if (wish.getValue().isPresent()) {
                monitor(wish.getValue().get(), nowNanos);
            } else {
                forget(wish.getKey());
            }
        }
        if (inHand.hasNext()) {
            return true;
        }
        // behind everything that was applied before them: with them this node's own lease begins
        taken.nonces().forEach(heartbeats.monitor()::ticked);
        taken = Changes.NONE;
        return false;
    }

    private void reconcile(Changes changes, long nowNanos) {
        List<MonitoredMember> leased = new ArrayList<>();
        changes.wishes()
                .values()
                .forEach(wish -> wish.filter(WatchTable::hasLease).ifPresent(leased::add));
        heartbeats.reconcile(leased, nowNanos);
        List<Watch> surplus = new ArrayList<>();
        connected.forEachLong((incarnation, watch) -> {
            if (!changes.wishes().containsKey(incarnation)) {
                surplus.add(watch);
            }
        });
        surplus.forEach(this::end);
    }

    private static boolean hasLease(MonitoredMember member) {
        return member.mode() == HeartbeatMode.UDP;
    }

    private void monitor(MonitoredMember member, long nowNanos) {
        if (hasLease(member)) {
            heartbeats.monitor(member, nowNanos);
            return;
        }
        Watch before = connected.get(member.incarnation());
        if (before != null) {
            if (member.assignmentEpoch() < before.member.assignmentEpoch() || member.sameWatch(before.member)) {
                return;
            }
            end(before);
        }
        begin(member, nowNanos);
    }

    private void forget(long incarnation) {
        heartbeats.forget(incarnation);
        Watch watch = connected.get(incarnation);
        if (watch != null) {
            end(watch);
        }
    }

    private void begin(MonitoredMember member, long nowNanos) {
        long intervalNanos = intervalNanos(member.interval());
        // A random phase, or members that joined in one batch would be pinged in one burst for ever.
        long firstDueNanos = nowNanos + random.nextLong(intervalNanos);
        int misses = Math.max(1, member.misses());
        HeartbeatSchedule schedule = new HeartbeatSchedule(intervalNanos, misses, firstDueNanos, nowNanos);
        Watch watch = new Watch(member, schedule, Place.of(member, hosts, nowNanos), turn);
        connected.put(member.incarnation(), watch);
        wheel.set(watch, firstDueNanos);
    }

    private void end(Watch watch) {
        watch.forgotten = true;
        connected.remove(watch.member.incarnation());
        wheel.cancel(watch);
        hosts.release(watch.place.host());
        onForget.accept(watch);
    }

    private static long intervalNanos(Duration interval) {
        if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
            return SHORTEST_INTERVAL.toNanos();
        }
        return interval.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL.toNanos() : interval.toNanos();
    }
}
