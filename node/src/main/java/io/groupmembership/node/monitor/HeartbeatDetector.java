package io.groupmembership.node.monitor;

import io.groupmembership.node.monitor.PendingChanges.GroupName;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The failure detector of the first form: pings at a fixed interval, and a count of those that are missed.
 *
 * <p>One thread does everything. A pass of its loop
 *
 * <ol>
 *   <li>goes on with TCP and HTTP attempts that are ready, until the tick of the timer wheel is over,
 *   <li>reads the acks, so that no member is judged while its answer lies in the socket,
 *   <li>does what is wanted of it since the last pass,
 *   <li>judges and pings the members whose time has come, and begins as many connections as it may,
 *   <li>reports those that are silent.
 * </ol>
 *
 * <p>The acks are read once a tick and don't wake the loop: nothing is decided by them before a ping is due, and 4,000
 * wake-ups a second are saved at 20,000 members. Each step has a bound, so that a burst in one delays the others by
 * milliseconds, and what is late is excused ({@link HeartbeatSchedule}).
 */
public final class HeartbeatDetector implements FailureDetector {
    private static final Logger LOG = System.getLogger(HeartbeatDetector.class.getName());

    private static final int OPEN_CONNECTIONS = 1_024;
    private static final int CHANGES_PER_PASS = 4_096;
    private static final int PINGS_PER_PASS = 1_024;
    private static final long IDLE_MILLIS = 50;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    /** What tests set otherwise: the clock (nanoseconds), the phases, the lookup of names, the bound on connections. */
    record Tuning(LongSupplier clock, RandomGenerator random, HostResolver.Lookup lookup, int openConnections) {
        static Tuning usual() {
            return new Tuning(System::nanoTime, new SplittableRandom(), InetAddress::getAllByName, OPEN_CONNECTIONS);
        }
    }

    private final SuspicionListener listener;
    private final LongSupplier clock;
    private final PendingChanges pending = new PendingChanges();
    private final UdpSocket udp;
    private final Selector selector;
    private final InetSocketAddress localAddress;
    private final HostResolver hosts;
    private final ConnectionProbes connections;
    private final WatchTable watches;
    private final LoopMeter meter;
    private final Pinger pinger;
    private final Consumer<SelectionKey> onReady;
    private final Thread thread;

    private boolean workLeft;
    private volatile boolean closing;
    private volatile MonitorStats published;

    private HeartbeatDetector(UdpSocket udp, Selector selector, SuspicionListener listener, Tuning tuning)
            throws IOException {
        this.udp = udp;
        this.selector = selector;
        this.listener = listener;
        clock = tuning.clock();
        localAddress = udp.localAddress();
        hosts = new HostResolver(tuning.lookup());
        meter = new LoopMeter(clock.getAsLong());
        connections = new ConnectionProbes(selector, tuning.openConnections(), clock, meter);
        pinger = new Pinger(clock, udp, connections, hosts, meter);
        watches = new WatchTable(hosts, tuning.random(), connections::abandon, clock.getAsLong());
        onReady = connections::ready;
        published = snapshot(true);
        thread = Thread.ofPlatform().name("monitor").daemon().unstarted(this::run);
    }

    /**
     * Begins, with nobody to watch.
     *
     * @param udpAddress where pings leave and acks come in. Bound to the wildcard it reaches IPv4 and IPv6 members, bound
     *     to one address only members of its family
     * @throws IOException where that address can't be bound
     */
    public static HeartbeatDetector open(InetSocketAddress udpAddress, SuspicionListener listener) throws IOException {
        return open(udpAddress, listener, Tuning.usual());
    }

    static HeartbeatDetector open(InetSocketAddress udpAddress, SuspicionListener listener, Tuning tuning)
            throws IOException {
        UdpSocket udp = new UdpSocket(udpAddress);
        HeartbeatDetector detector;
        try {
            detector = new HeartbeatDetector(udp, Selector.open(), listener, tuning);
        } catch (IOException | RuntimeException e) {
            udp.close();
            throw e;
        }
        detector.thread.start();
        return detector;
    }

    /** Where acks come in: the port that was bound, where the caller asked for any. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void monitor(MonitoredMember member) {
        pending.monitor(member);
    }

    @Override
    public void forget(long incarnation) {
        pending.forget(incarnation);
    }

    @Override
    public void retainOnly(Collection<MonitoredMember> members) {
        pending.retainOnly(members);
    }

    @Override
    public void viewChanged(String namespace, String group, long view) {
        pending.viewChanged(new GroupName(namespace, group), view);
    }

    @Override
    public MonitorStats stats() {
        return published;
    }

    @Override
    public void close() {
        closing = true;
        pending.close();
        selector.wakeup();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                // It is not the loop that takes so long but the listener, against its contract.
                LOG.log(Level.WARNING, "The monitor''s loop did not end within {0} and is interrupted", CLOSE_LIMIT);
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (udp;
                selector;
                hosts;
                connections) {
            while (!closing) {
                try {
                    pass();
                } catch (IOException | RuntimeException e) {
                    failed("A pass of the monitor's loop", e);
                    LockSupport.parkNanos(WatchTable.TICK_NANOS);
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A socket of the monitor did not close", e);
        } finally {
            pending.close();
            published = snapshot(false);
        }
    }

    private void pass() throws IOException {
        if (workLeft) {
            selector.selectNow(onReady);
        } else {
            selector.select(onReady, waitMillis());
        }
        // From here on time stands still: who was due by now is judged after everything that came by now was read.
        long nowNanos = clock.getAsLong();
        if (connections.open() > 0) {
            selector.selectNow(onReady);
        }
        meter.advance(nowNanos);
        hosts.deliver(nowNanos);
        boolean acksLeft = pinger.readAcks(watches, nowNanos);
        boolean changesLeft = watches.apply(pending, CHANGES_PER_PASS, nowNanos);
        boolean turnsLeft = watches.takeTurns(pinger, PINGS_PER_PASS, nowNanos);
        connections.startWaiting();
        workLeft = acksLeft || changesLeft || turnsLeft;
        report();
        published = snapshot(true);
    }

    private long waitMillis() {
        if (watches.size() == 0) {
            return IDLE_MILLIS;
        }
        long nanos = watches.tickEndNanos() - clock.getAsLong();
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, 1, IDLE_MILLIS);
    }

    private void report() {
        List<Watch> silent = pinger.takeSilent();
        if (silent.isEmpty()) {
            return;
        }
        long nowNanos = clock.getAsLong();
        Map<String, Long> health = meter.health(watches.size());
        List<SilentMember> members =
                silent.stream().map(watch -> watch.report(nowNanos, health)).toList();
        meter.reports += members.size();
        try {
            listener.silent(members);
        } catch (RuntimeException e) {
            failed("The listener for silent members", e);
        }
    }

    private void failed(String what, Exception e) {
        meter.loopFailures++;
        // 1st, 2nd, 4th, 8th...: what fails in every pass must not fill the disk.
        if (Long.bitCount(meter.loopFailures) == 1) {
            LOG.log(Level.ERROR, what + " ended by an exception; the loop goes on", e);
        }
    }

    private MonitorStats snapshot(boolean running) {
        return meter.stats(watches.size(), connections.open(), connections.waiting(), hosts.failures(), running);
    }
}
