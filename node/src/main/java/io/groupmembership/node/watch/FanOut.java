package io.groupmembership.node.watch;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.ViewChange;
import io.groupmembership.node.api.MonitorNames;
import io.groupmembership.node.api.Shutdown;
import io.groupmembership.node.raft.Replica;
import io.groupmembership.node.raft.StateListener;
import io.netty.channel.EventLoop;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Context;
import io.vertx.core.impl.ContextInternal;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Brings changes from the thread that applies them to the event loops of those who watch. Each change is encoded once,
 * here, on one thread, if anybody watches it.
 */
@ApplicationScoped
class FanOut implements StateListener {
    private static final int FEED_CAPACITY = 1_024;

    private final Replica replica;
    private final CatchUps catchUps;
    private final WatchStats stats;
    private final Shutdown shutdown;
    private final Interest interest = new Interest();
    private final ConcurrentHashMap<EventLoop, WatcherLoop> loops = new ConcurrentHashMap<>();
    private final BoundedFeed<List<ViewChange>> feed = new BoundedFeed<>(FEED_CAPACITY);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("gm-fan-out").unstarted(this::run);
    private volatile boolean stopped;

    /** The changes of the entry that is being applied. */
    private List<ViewChange> ofThisEntry = new ArrayList<>();

    FanOut(Replica replica, CatchUps catchUps, WatchStats stats, Shutdown shutdown) {
        this.replica = replica;
        this.catchUps = catchUps;
        this.stats = stats;
        this.shutdown = shutdown;
    }

    void start(@Observes StartupEvent event) {
        replica.addListener(this);
        shutdown.onBegin(() -> loops.values().forEach(WatcherLoop::endAll));
        thread.start();
    }

    // ---- on the thread that applies entries

    @Override
    public void viewChanged(ViewChange change) {
        if (!interest.isEmpty()) {
            ofThisEntry.add(change);
        }
    }

    /** Its watchers start anew: should the group come back, its numbers go on higher up. */
    @Override
    public void groupForgotten(GroupKey group) {
        if (interest.has(new Watched.Group(group))) {
            feed.lose();
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void applied(long logIndex) {
        if (!ofThisEntry.isEmpty()) {
            feed.offer(ofThisEntry);
            ofThisEntry = new ArrayList<>();
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void recovered() {
        feed.lose();
        LockSupport.unpark(thread);
    }

    @Override
    public void replaced(MembershipState state) {
        ofThisEntry = new ArrayList<>();
        feed.lose();
        LockSupport.unpark(thread);
    }

    // ---- on the fan-out thread

    private void run() {
        List<List<ViewChange>> entries = new ArrayList<>();
        MonitorNames monitors = replica.read(MonitorNames::of);
        while (!stopped) {
            entries.clear();
            boolean lost = feed.drainTo(entries);
            for (List<ViewChange> changes : entries) {
                if (!covers(monitors, changes)) {
                    monitors = replica.read(MonitorNames::of);
                }
                deliver(encode(changes, monitors));
            }
            if (lost) {
                loops.values().forEach(WatcherLoop::resync);
            } else if (entries.isEmpty()) {
                LockSupport.park(this);
            }
        }
    }

    private static boolean covers(MonitorNames monitors, List<ViewChange> changes) {
        for (ViewChange change : changes) {
            for (Member member : change.joined()) {
                if (!monitors.covers(member.monitorSlot())) {
                    return false;
                }
            }
        }
        return true;
    }

    private EncodedEntry encode(List<ViewChange> changes, MonitorNames monitors) {
        Map<Watched, List<ViewChange>> byGroup = new LinkedHashMap<>();
        for (ViewChange change : changes) {
            Watched group = new Watched.Group(change.group());
            if (interest.has(group)) {
                byGroup.computeIfAbsent(group, key -> new ArrayList<>()).add(change);
            }
        }
        Map<Watched, Frame> frames = new HashMap<>();
        byGroup.forEach((group, own) -> frames.put(group, EventEncoder.ofGroup(own, monitors)));
        Watched everything = new Watched.Everything();
        if (interest.has(everything)) {
            frames.put(everything, EventEncoder.ofEntry(changes, monitors));
        }
        return new EncodedEntry(frames);
    }

    private void deliver(EncodedEntry entry) {
        if (!entry.frames().isEmpty()) {
            loops.values().forEach(loop -> loop.offer(entry));
        }
    }

    // ---- for those who watch

    /** The watchers of the event loop that the caller is on. */
    WatcherLoop loopOf(Context context) {
        ContextInternal own = ((ContextInternal) context).unwrap();
        return loops.computeIfAbsent(
                own.nettyEventLoop(), eventLoop -> new WatcherLoop(own, catchUps, stats, interest));
    }

    @PreDestroy
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }
}
