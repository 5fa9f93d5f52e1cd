package io.groupmembership.node.monitor;

import com.sun.management.UnixOperatingSystemMXBean;
import io.groupmembership.membership.Command;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.membership.detection.NodeMonitor;
import io.groupmembership.node.monitor.PendingChanges.GroupName;
import io.groupmembership.protocol.heartbeat.Datagram;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The event loop of the failure detector: one thread, one UDP socket, and connections where UDP does not get through. A
 * pass of it
 *
 * <ol>
 *   <li>goes on with TCP and HTTP attempts that are ready, until the tick of the timer wheel is over,
 *   <li>reads the acks, so that no member is judged while its answer lies in the socket,
 *   <li>does what is wanted of it since the last pass,
 *   <li>gives their turn to the members whose time has come, and begins as many connections as it may,
 *   <li>tells what it found out and, every tick, that it is alive.
 * </ol>
 *
 * <p>The acks are read once a tick and don't wake the loop: 4,000 wake-ups a second are saved at 20,000 members. Each
 * step has a bound, so that a burst in one delays the others by milliseconds, and what is late proves nothing against
 * anybody.
 */
public final class HeartbeatDetector implements FailureDetector {
    private static final Logger LOG = System.getLogger(HeartbeatDetector.class.getName());

    private static final int OPEN_CONNECTIONS = 1_024;
    private static final int OPEN_LINES = 16_384;
    private static final int CHANGES_PER_PASS = 4_096;
    private static final int TURNS_PER_PASS = 1_024;
    private static final int DATAGRAMS_PER_PASS = 16_384;
    private static final int ASKED_PER_PASS = 1_024;
    private static final int MOST_ASKED = 65_536;
    private static final long IDLE_MILLIS = 50;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    /**
     * What a detector needs to know of its node and its cluster.
     *
     * @param clock nanoseconds, which go on while the machine is suspended
     * @param networks where members without an agent may be
     */
    public record Setting(
            String nodeId, ClusterTiming timing, MemberKeys keys, LongSupplier clock, ProbeNetworks networks) {}

    /** What tests set otherwise: the phases, the lookup of names, the bounds on connections of either kind. */
    record Tuning(RandomGenerator random, HostResolver.Lookup lookup, int openConnections, int openLines) {
        static Tuning usual() {
            return new Tuning(
                    new SplittableRandom(new SecureRandom().nextLong()),
                    InetAddress::getAllByName,
                    OPEN_CONNECTIONS,
                    Math.min(OPEN_LINES, halfOfTheDescriptors()));
        }

        /** The other half is for the log, the peers and those who ask. */
        private static int halfOfTheDescriptors() {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                    ? (int) Math.min(Integer.MAX_VALUE, system.getMaxFileDescriptorCount() / 2)
                    : OPEN_LINES;
        }
    }

    private record Asked(MonitoredMember member, String by) {}

    private record Found(PeerMessage.Finding finding, String by) {}

    private final MonitorListener listener;
    private final LongSupplier clock;
    private final long beatNanos;
    private final RandomGenerator random;
    private final PendingChanges pending = new PendingChanges();
    private final Queue<Asked> asked = new ArrayBlockingQueue<>(MOST_ASKED);
    private final Queue<Found> found = new ArrayBlockingQueue<>(MOST_ASKED);
    private final UdpSocket udp;
    private final TcpLines lines;
    private final Selector selector;
    private final InetSocketAddress localAddress;
    private final HostResolver hosts;
    private final ConnectionProbes connections;
    private final Wheel wheel;
    private final Heartbeats heartbeats;
    private final Probing probing;
    private final WatchTable watches;
    private final LoopMeter meter;
    private final Pinger pinger;
    private final SilentReports reports;
    private final Consumer<SelectionKey> onReady;
    private final Thread thread;
    private final Datagram in = new Datagram();

    private boolean workLeft;
    private long nextBeatNanos;
    private volatile boolean beating = true;
    private volatile boolean closing;
    private volatile MonitorStats published;

    private HeartbeatDetector(
            UdpSocket udp, TcpLines lines, Selector selector, MonitorListener listener, Setting setting, Tuning tuning)
            throws IOException {
        this.udp = udp;
        this.lines = lines;
        this.selector = selector;
        this.listener = listener;
        clock = setting.clock();
        random = tuning.random();
        // a little more often than the leader ticks, so that each tick has a beat of this node
        beatNanos = TimeUnit.MILLISECONDS.toNanos(setting.timing().tickMillis() * 9 / 10);
        nextBeatNanos = clock.getAsLong();
        localAddress = udp.localAddress();
        hosts = new HostResolver(tuning.lookup());
        meter = new LoopMeter(clock.getAsLong());
        wheel = new Wheel(clock.getAsLong());
        connections = new ConnectionProbes(selector, tuning.openConnections(), clock, meter, setting.networks());
        pinger = new Pinger(connections, hosts, meter);
        reports = new SilentReports(setting.nodeId());
        GroupViews groups = new GroupViews();
        Wire wire = new Wire(clock, udp, lines, hosts, meter, setting.keys());
        heartbeats = new Heartbeats(
                wire,
                groups,
                wheel,
                setting.nodeId(),
                actions -> new NodeMonitor(
                        setting.nodeId(),
                        setting.timing(),
                        NodeMonitor.Leases.USUAL,
                        actions,
                        charge -> random.nextLong(
                                TimeUnit.MILLISECONDS.toNanos(charge.policy().intervalMillis()))));
        probing = new Probing(wire, wheel);
        watches = new WatchTable(heartbeats, groups, hosts, wheel, random, pinger, connections::abandon);
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
    public static HeartbeatDetector open(InetSocketAddress udpAddress, MonitorListener listener, Setting setting)
            throws IOException {
        return open(udpAddress, listener, setting, Tuning.usual());
    }

    static HeartbeatDetector open(
            InetSocketAddress udpAddress, MonitorListener listener, Setting setting, Tuning tuning) throws IOException {
        UdpSocket udp = new UdpSocket(udpAddress);
        HeartbeatDetector detector;
        try {
            detector = new HeartbeatDetector(
                    udp, new TcpLines(tuning.openLines()), Selector.open(), listener, setting, tuning);
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
    public void nodesAre(Set<String> nodeIds) {
        pending.nodesAre(nodeIds);
    }

    @Override
    public void ticked(long nonce) {
        pending.ticked(nonce);
    }

    @Override
    public void probe(MonitoredMember member, String asker) {
        boolean _ = asked.offer(new Asked(member, asker));
    }

    @Override
    public void probed(String by, List<PeerMessage.Finding> findings) {
        findings.forEach(finding -> {
            boolean _ = found.offer(new Found(finding, by));
        });
    }

    /** From now on this node does not say that it is there: it is about to go. */
    public void stopBeating() {
        beating = false;
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
                lines;
                selector;
                hosts;
                connections) {
            while (!closing) {
                try {
                    pass();
                } catch (IOException | RuntimeException e) {
                    failed("A pass of the monitor's loop", e);
                    LockSupport.parkNanos(Wheel.TICK_NANOS);
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
        boolean acksLeft = readDatagrams();
        boolean linesLeft = lines.readAll();
        heartbeats.setUnread(acksLeft || linesLeft);
        boolean changesLeft = watches.apply(pending, CHANGES_PER_PASS, clock);
        boolean askedLeft = hearOthers(nowNanos);
        boolean turnsLeft = wheel.takeTurns(TURNS_PER_PASS, nowNanos);
        connections.startWaiting();
        workLeft = acksLeft || linesLeft || changesLeft || turnsLeft || askedLeft;
        tell(nowNanos);
        published = snapshot(true);
    }

    private long waitMillis() {
        if (wheel.isEmpty()) {
            return IDLE_MILLIS;
        }
        long nanos = wheel.tickEndNanos() - clock.getAsLong();
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, 1, IDLE_MILLIS);
    }

    /** Says whether more may be there: as long as that is so, no silence is held against anyone. */
    private boolean readDatagrams() throws IOException {
        for (int read = 0; read < DATAGRAMS_PER_PASS; read++) {
            if (!udp.receive(in)) {
                return false;
            }
            if (!in.isWellFormed()) {
                meter.malformed++;
                continue;
            }
            switch (in.type()) {
                case ACK -> heartbeats.acked(in);
                case PROBE_ANSWER -> probing.answered(in);
                case PING, CONFIRMATION, PROBE -> meter.malformed++;
            }
        }
        return true;
    }

    private boolean hearOthers(long nowNanos) {
        for (int done = 0; done < ASKED_PER_PASS; done++) {
            Asked question = asked.poll();
            Found finding = found.poll();
            if (question == null && finding == null) {
                return false;
            }
            if (question != null) {
                probing.begin(question.member(), question.by(), nowNanos);
            }
            if (finding != null) {
                heartbeats
                        .monitor()
                        .probed(
                                finding.finding().incarnation(),
                                finding.finding().assignmentEpoch(),
                                finding.by(),
                                finding.finding().reached(),
                                nowNanos);
            }
        }
        return true;
    }

    private void tell(long nowNanos) {
        try {
            heartbeats.tell(listener);
            probing.tell(listener);
            List<Watch> silent = pinger.takeSilent();
            if (!silent.isEmpty()) {
                meter.reports += silent.size();
                Map<String, Long> health = meter.health(watches.size());
                List<Command.Target> targets = silent.stream()
                        .map(watch -> reports.target(watch.report(nowNanos, health)))
                        .toList();
                listener.suspected(targets);
            }
            if (beating && nowNanos - nextBeatNanos >= 0) {
                nextBeatNanos = nowNanos + beatNanos;
                long nonce = random.nextLong();
                heartbeats.monitor().beat(nonce, nowNanos);
                listener.beat(nonce, watches.missing());
            }
        } catch (RuntimeException e) {
            failed("The listener of the monitor", e);
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
        return meter.stats(
                watches.size(),
                heartbeats.carriedByTcp(),
                lines.open(),
                connections.open(),
                connections.waiting(),
                hosts.failures(),
                running);
    }
}
