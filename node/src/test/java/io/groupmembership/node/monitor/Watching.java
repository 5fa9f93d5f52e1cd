package io.groupmembership.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.Revocation;
import io.groupmembership.membership.detection.Charge;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.node.monitor.HeartbeatDetector.Setting;
import io.groupmembership.node.monitor.HeartbeatDetector.Tuning;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.Limits;
import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** The detector of node-1 on a free port, and what it said. Its beats are agreed on at once, unless a test withholds that. */
final class Watching implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofMillis(200);
    static final int MISSES = 3;
    static final Duration GENEROUS = Duration.ofSeconds(20);
    static final GroupKey GROUP = new GroupKey("default", "payments");
    static final MemberKeys KEYS = new MemberKeys(
            UUID.fromString("c0ffee00-0000-4000-8000-000000000000"),
            ClusterSecrets.parse("5 " + Base64.getEncoder().encodeToString(new byte[32])));

    /** What the detector said to a node that had asked. */
    record Answer(String asker, PeerMessage.Finding finding) {}

    private final Listener listener = new Listener();
    final HeartbeatDetector detector;

    Watching() throws IOException {
        this(Tuning.usual(), System::nanoTime);
    }

    Watching(Tuning tuning) throws IOException {
        this(tuning, System::nanoTime);
    }

    Watching(Tuning tuning, LongSupplier clock) throws IOException {
        detector = HeartbeatDetector.open(new InetSocketAddress(0), listener, setting(clock), tuning);
        listener.detector.set(detector);
    }

    /** Only members in these networks may be probed. */
    Watching(Tuning tuning, ProbeNetworks networks) throws IOException {
        Setting setting = new Setting("node-1", ClusterTiming.USUAL, KEYS, System::nanoTime, networks);
        detector = HeartbeatDetector.open(new InetSocketAddress(0), listener, setting, tuning);
        listener.detector.set(detector);
    }

    static Setting setting(LongSupplier clock) {
        return new Setting("node-1", ClusterTiming.USUAL, KEYS, clock, ProbeNetworks.ANY);
    }

    // ---- members

    /** Member m1 with incarnation 1, and so on. */
    static MonitoredMember member(long incarnation, HeartbeatMode mode, String address) {
        return member("payments", incarnation, mode, address, INTERVAL);
    }

    static MonitoredMember member(
            String group, long incarnation, HeartbeatMode mode, String address, Duration interval) {
        GroupPolicy policy = new GroupPolicy(interval.toMillis(), MISSES, Limits.DEFAULT_MAX_MEMBERS);
        MemberSpec spec = MemberSpec.of("m" + incarnation, "10.0.0.1:7000", mode, address, Optional.empty(), Map.of());
        Member member = new Member(spec, incarnation, 1, 0, Math.toIntExact(policy.leaseMillis()), 0, null);
        return new MonitoredMember(new Charge(new GroupKey("default", group), member, policy), 7);
    }

    private static MonitoredMember with(MonitoredMember m, Member member, GroupPolicy policy) {
        return new MonitoredMember(new Charge(m.charge().group(), member, policy), m.view());
    }

    static MonitoredMember withEpoch(MonitoredMember m, int epoch) {
        Member old = m.charge().member();
        Member member = new Member(
                old.spec(),
                old.incarnation(),
                epoch,
                old.monitorSlot(),
                old.longestLeaseMillis(),
                old.unheardMoves(),
                old.revocation());
        return with(m, member, m.charge().policy());
    }

    static MonitoredMember withInterval(MonitoredMember m, Duration interval) {
        GroupPolicy old = m.charge().policy();
        return with(m, m.charge().member(), new GroupPolicy(interval.toMillis(), old.misses(), old.maxMembers()));
    }

    static MonitoredMember revoked(MonitoredMember m, LeaveReason why) {
        Member old = m.charge().member();
        Member member = new Member(
                old.spec(),
                old.incarnation(),
                old.assignmentEpoch(),
                old.monitorSlot(),
                old.longestLeaseMillis(),
                old.unheardMoves(),
                new Revocation(why, Optional.empty()));
        return with(m, member, m.charge().policy());
    }

    static void assumeIpv6Loopback() {
        boolean there = true;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            assertThat(socket.isBound()).isTrue();
        } catch (IOException e) {
            there = false;
        }
        assumeThat(there).as("this machine has an IPv6 loopback").isTrue();
    }

    // ---- the node's own lease

    /** From now on no beat is agreed on: the lease of the node runs out. */
    void withholdTicks() {
        listener.agreeing = false;
    }

    void agreeOnBeats() {
        listener.agreeing = true;
    }

    int beats() {
        return listener.beats.get();
    }

    /** How many members of the group miss their heartbeats, by the newest beat. */
    int missing() {
        return listener.missing.getOrDefault(GROUP, 0);
    }

    // ---- what was said

    List<Command.Target> reportsOf(long incarnation) {
        return listener.suspicions.stream()
                .filter(target -> target.incarnation() == incarnation)
                .toList();
    }

    Command.Target awaitReportOf(long incarnation) {
        await().atMost(GENEROUS).until(() -> !reportsOf(incarnation).isEmpty());
        return reportsOf(incarnation).getFirst();
    }

    List<Command.Assignment> assignments() {
        return List.copyOf(listener.assignments);
    }

    List<PeerMessage.Question> questions() {
        return List.copyOf(listener.questions);
    }

    List<Answer> answers() {
        return List.copyOf(listener.answers);
    }

    /** Waits until this many further answers have come in, of whichever members. */
    void awaitAcks(int further) {
        long before = detector.stats().acksReceived();
        await().atMost(GENEROUS).until(() -> detector.stats().acksReceived() >= before + further);
    }

    void awaitMonitored(int members) {
        await().atMost(GENEROUS)
                .untilAsserted(() -> assertThat(detector.stats().monitored()).isEqualTo(members));
    }

    @Override
    public void close() {
        detector.close();
    }

    private static final class Listener implements MonitorListener {
        private final AtomicReference<HeartbeatDetector> detector = new AtomicReference<>();
        private final ConcurrentLinkedQueue<Command.Target> suspicions = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Command.Assignment> assignments = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<PeerMessage.Question> questions = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
        private final AtomicInteger beats = new AtomicInteger();
        private volatile boolean agreeing = true;
        private volatile Map<GroupKey, Integer> missing = Map.of();

        @Override
        public void suspected(List<Command.Target> targets) {
            suspicions.addAll(targets);
        }

        @Override
        public void reassign(List<Command.Assignment> wanted) {
            assignments.addAll(wanted);
        }

        @Override
        public void ask(List<PeerMessage.Question> asked) {
            questions.addAll(asked);
        }

        @Override
        public void answer(String asker, List<PeerMessage.Finding> findings) {
            findings.forEach(finding -> answers.add(new Answer(asker, finding)));
        }

        @Override
        public void beat(long nonce, Map<GroupKey, Integer> nowMissing) {
            missing = nowMissing;
            HeartbeatDetector here = detector.get();
            if (agreeing && here != null) {
                here.ticked(nonce);
            }
            beats.incrementAndGet();
        }
    }
}
