package io.groupmembership.node.monitor;

import io.groupmembership.node.monitor.PendingChanges.GroupName;
import io.groupmembership.protocol.HeartbeatDatagram;
import io.groupmembership.protocol.HeartbeatMode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final int ACKS_PER_PASS = 16_384;
    private static final int CHANGES_PER_PASS = 4_096;
    private static final int PINGS_PER_PASS = 1_024;
    private static final long IDLE_MILLIS = 50;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

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
    private final List<Watch> silent = new ArrayList<>();
    private final Consumer<SelectionKey> onReady;
    private final Thread thread;

    private boolean workLeft;
    private boolean acksUnread;
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
        connections = new ConnectionProbes(selector, tuning.openConnections(), new Answers());
        watches = new WatchTable(hosts, tuning.random(), connections::abandon, clock.getAsLong());
        meter = new LoopMeter(clock.getAsLong());
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
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                LOG.log(
                        Level.WARNING,
                        "The monitor''s loop did not end within {0}; its listener may be stuck",
                        CLOSE_LIMIT);
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
        long nowNanos = clock.getAsLong();
        meter.advance(nowNanos);
        hosts.deliver(nowNanos);
        acksUnread = readAcks(nowNanos);
        boolean changesLeft = watches.apply(pending, CHANGES_PER_PASS, nowNanos);
        boolean turnsLeft = watches.takeTurns(this::takeTurn, PINGS_PER_PASS, clock.getAsLong());
        connections.startWaiting(clock.getAsLong());
        workLeft = acksUnread || changesLeft || turnsLeft;
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

    /** Reads acks, and says whether more may be there. */
    private boolean readAcks(long nowNanos) throws IOException {
        for (int read = 0; read < ACKS_PER_PASS; read++) {
            if (!udp.receive()) {
                return false;
            }
            Optional<HeartbeatDatagram> datagram = udp.received();
            if (datagram.isEmpty() || datagram.get().type() != HeartbeatDatagram.Type.ACK) {
                meter.malformed++;
            } else {
                ack(datagram.get(), nowNanos);
            }
        }
        return true;
    }

    private void ack(HeartbeatDatagram ack, long nowNanos) {
        Watch watch = watches.get(ack.incarnation());
        if (watch == null || !watch.isAckOfMine(ack) || !answered(watch, ack.sequence(), nowNanos)) {
            meter.strayAcks++;
        }
    }

    private boolean answered(Watch watch, long sequence, long nowNanos) {
        if (!watch.schedule.answered(sequence, nowNanos)) {
            return false;
        }
        watch.answered();
        meter.ack();
        return true;
    }

    private long takeTurn(Watch watch, long nowNanos) {
        HeartbeatSchedule schedule = watch.schedule;
        boolean udpPing = watch.member.mode() == HeartbeatMode.UDP;
        if (schedule.isDue(nowNanos)) {
            meter.lag(nowNanos - schedule.dueNanos());
            judge(watch, schedule.due(nowNanos, acksUnread), nowNanos);
            ping(watch, nowNanos);
        } else if (udpPing && schedule.isToBeSent()) {
            ping(watch, nowNanos);
        }
        boolean socketWasFull =
                udpPing && schedule.isToBeSent() && watch.target().isPresent();
        return socketWasFull ? nowNanos : schedule.dueNanos();
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
        hosts.refresh(watch.address.host(), nowNanos);
    }

    private void ping(Watch watch, long nowNanos) {
        connections.abandon(watch);
        Optional<InetSocketAddress> target = watch.target();
        if (target.isEmpty()) {
            pingWithoutAddress(watch, nowNanos);
        } else if (watch.member.mode() == HeartbeatMode.UDP) {
            sendPing(watch, target.get(), nowNanos);
        } else {
            connections.request(watch);
        }
    }

    private void pingWithoutAddress(Watch watch, long nowNanos) {
        hosts.refresh(watch.address.host(), nowNanos);
        Optional<String> problem = watch.address.host().problem();
        if (problem.isPresent()) {
            // The lookup was the attempt. While the first lookup is under way the ping stays unsent, hence excused.
            watch.schedule.sent(nowNanos);
            watch.attemptFailed(problem.get());
        }
    }

    private void sendPing(Watch watch, InetSocketAddress target, long nowNanos) {
        watch.attemptBegins();
        try {
            if (!udp.send(watch.nextPing(nowNanos), target)) {
                meter.unsent++;
                return;
            }
            meter.pingsSent++;
        } catch (IOException e) {
            meter.sendFailures++;
            watch.attemptFailed("not sent: " + e.getMessage());
        }
        watch.schedule.sent(nowNanos);
    }

    private void report() {
        if (silent.isEmpty()) {
            return;
        }
        long nowNanos = clock.getAsLong();
        Map<String, Long> health = meter.health(watches.size());
        List<SilentMember> members =
                silent.stream().map(watch -> watch.report(nowNanos, health)).toList();
        silent.clear();
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

    /** What the connections' attempts come to. */
    private final class Answers implements ConnectionProbes.Outcome {
        @Override
        public void began() {
            meter.pingsSent++;
        }

        @Override
        public void answered(Watch watch, long sequence) {
            HeartbeatDetector.this.answered(watch, sequence, clock.getAsLong());
        }

        @Override
        public void failed(Watch watch, String result) {
            watch.attemptFailed(result);
        }
    }
}
