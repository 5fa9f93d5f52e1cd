package io.groupmembership.node.duty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.GroupView;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.node.liveness.LeaderDuty;
import io.groupmembership.node.monitor.FailureDetector;
import io.groupmembership.node.monitor.MonitorStats;
import io.groupmembership.node.monitor.MonitoredMember;
import io.groupmembership.node.raft.RaftNode;
import io.groupmembership.node.raft.TestCluster;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.lease.Drift;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes as they are put together, but for the detectors, in whose place the test says what they find out. */
@Tag("slow")
class DutiesOfThreeNodesTest {
    private static final ClusterTiming TIMING = new ClusterTiming(4_000, 250, 2_000, Drift.BOUND);
    private static final Duration BEAT = Duration.ofMillis(200);
    private static final GroupKey GROUP = new GroupKey("default", "payments");

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private TestCluster cluster;

    @BeforeEach
    void begin(@TempDir Path directory) throws IOException {
        cluster = new TestCluster(directory, 3, Duration.ofSeconds(1)).startAll();
        cluster.nodeIds().forEach(nodeId -> nodes.put(nodeId, new Node(nodeId, cluster.node(nodeId))));
        nodes.values().forEach(Node::start);
    }

    @AfterEach
    void end() {
        nodes.values().forEach(Node::stop);
        cluster.close();
    }

    private Node node(String nodeId) {
        return nodes.values().stream()
                .filter(node -> node.nodeId.equals(nodeId))
                .findFirst()
                .orElseThrow();
    }

    private void untilAllAreLive() {
        await().atMost(TestCluster.PATIENCE)
                .untilAsserted(() -> nodes.values()
                        .forEach(node ->
                                assertThat(node.liveNodes()).containsExactlyInAnyOrder("node-1", "node-2", "node-3")));
    }

    @Test
    void theBeatsOfEveryNodeAreAgreedOnAndToldToItAlone() {
        untilAllAreLive();
        await().atMost(TestCluster.PATIENCE)
                .until(() -> nodes.values().stream().allMatch(node -> node.detector.ticked.size() >= 3));
        for (Node node : nodes.values()) {
            assertThat(node.beaten).containsAll(node.detector.ticked);
            assertThat(node.detector.ticked).doesNotHaveDuplicates();
        }
    }

    @Test
    void aNodeThatStopsIsDeclaredDownAndComesBackByABeat() {
        untilAllAreLive();
        String stopped = cluster.follower();
        // When it says nothing any more, though it still gets the log
        node(stopped).beating = false;
        // Then
        await().atMost(TestCluster.PATIENCE)
                .untilAsserted(() -> nodes.values()
                        .forEach(node -> assertThat(node.liveNodes()).hasSize(2).doesNotContain(stopped)));
        // When
        node(stopped).beating = true;
        // Then
        untilAllAreLive();
    }

    @Test
    void aNodeThatGoesSaysSoItself() {
        untilAllAreLive();
        String going = cluster.follower();
        // When
        node(going).beating = false;
        node(going).leaderDuty.leave(TestCluster.PATIENCE);
        // Then
        Optional<NodeRecord> gone = cluster.node(cluster.leader()).read(state -> state.node(going));
        assertThat(gone).hasValueSatisfying(record -> assertThat(record.live()).isFalse());
    }

    @Test
    void twoSuspicionsOfOneGroupByTwoNodesAreOneRemovalAndOneView() {
        untilAllAreLive();
        // Given a group that may be waited for as long as the test takes
        RaftNode leader = cluster.node(cluster.leader());
        leader.submit(putPolicy()).join();
        leader.submit(join("a", "b", "c")).join();
        nodes.values().forEach(node -> node.missing = Map.of(GROUP, 1));
        String heardBy = cluster.leader();
        await().atMost(TestCluster.PATIENCE)
                .until(() ->
                        nodes.keySet().stream().allMatch(nodeId -> node(heardBy).hasHeardOfMissing(nodeId)));
        // When two nodes suspect one member each
        node("node-1").talk.suspected(List.of(target("a")));
        node("node-2").talk.suspected(List.of(target("b")));
        await().atMost(TestCluster.PATIENCE)
                .until(() -> node(heardBy).suspected().containsAll(Set.of("a", "b")));
        assertThat(view().members()).hasSize(3);
        nodes.values().forEach(node -> node.missing = Map.of());
        // Then
        await().atMost(TestCluster.PATIENCE).until(() -> view().members().size() == 1);
        assertThat(view().view()).isEqualTo(2);
        assertThat(view().members()).extracting(Member::memberId).containsExactly("c");
    }

    @Test
    void whatOneNodeAsksTheOthersProbeAndAnswerToIt() {
        untilAllAreLive();
        RaftNode raft = node("node-1").raft;
        raft.submit(join("a")).join();
        Member member = member("a");
        PeerMessage.Question question =
                new PeerMessage.Question(GROUP, "a", member.incarnation(), member.assignmentEpoch());
        PeerMessage.Question old = new PeerMessage.Question(GROUP, "a", member.incarnation() + 1, 1);
        // When it is asked, as often as it takes to be heard
        await().atMost(TestCluster.PATIENCE).until(() -> {
            node("node-1").talk.ask(List.of(old, question));
            return !node("node-2").detector.probed.isEmpty()
                    && !node("node-3").detector.probed.isEmpty();
        });
        // Then
        assertThat(node("node-1").detector.probed).isEmpty();
        assertThat(node("node-2").detector.probed).containsOnly("node-1 asks for " + member.incarnation());
        // When
        PeerMessage.Finding finding = new PeerMessage.Finding(member.incarnation(), member.assignmentEpoch(), true);
        await().atMost(TestCluster.PATIENCE).until(() -> {
            node("node-2").talk.answer("node-1", List.of(finding));
            return !node("node-1").detector.findings.isEmpty();
        });
        // Then
        assertThat(node("node-1").detector.findings).containsOnly(finding);
        assertThat(node("node-3").detector.findings).isEmpty();
    }

    private static Request putPolicy() {
        return new Request(
                Optional.empty(),
                new Command.PutPolicy(GROUP, new GroupPolicy(GroupPolicy.MAX_INTERVAL_MILLIS, 3, 100)));
    }

    private static Request join(String... memberIds) {
        List<Command.Joiner> joiners = List.of(memberIds).stream()
                .map(memberId -> new Command.Joiner(
                        MemberSpec.of(memberId, "h:1", HeartbeatMode.TCP, "h:1", Optional.empty(), Map.of()),
                        OptionalLong.empty()))
                .toList();
        return new Request(Optional.empty(), new Command.Join(GROUP, joiners));
    }

    private GroupView view() {
        return cluster.node(cluster.leader()).read(state -> state.view(GROUP)).orElseThrow();
    }

    private Member member(String memberId) {
        return cluster.node(cluster.leader())
                .read(state -> state.member(GROUP, memberId))
                .orElseThrow();
    }

    private Command.Target target(String memberId) {
        Member member = member(memberId);
        return new Command.Target(
                GROUP,
                memberId,
                member.incarnation(),
                member.assignmentEpoch(),
                LeaveReason.CRASHED,
                new Evidence(15_000, List.of(), Map.of()));
    }

    /** What a node is made of, with a beat that the test can end. */
    private static final class Node {
        private final String nodeId;
        private final RaftNode raft;
        private final LeaderDuty leaderDuty;
        private final PeerTalk talk;
        private final Detector detector = new Detector();
        private final AtomicLong nonces = new AtomicLong();
        private final Set<Long> beaten = ConcurrentHashMap.newKeySet();
        private final ConcurrentLinkedQueue<PeerMessage> heard = new ConcurrentLinkedQueue<>();
        private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("beats").factory());
        private volatile boolean beating = true;
        private volatile Map<GroupKey, Integer> missing = Map.of();

        Node(String nodeId, RaftNode raft) {
            this.nodeId = nodeId;
            this.raft = raft;
            String address = "http://" + nodeId;
            Command.NodeUp self =
                    new Command.NodeUp(nodeId, address, nodeId + ":7731", NodeRecord.hashKey(nodeId, address, "test"));
            leaderDuty = new LeaderDuty(raft, self, TIMING, System::nanoTime);
            // numbers of another range on each node
            nonces.set(Integer.toUnsignedLong(nodeId.hashCode()) << 20);
            talk = new PeerTalk(nodeId, nodeId.hashCode(), raft, leaderDuty);
            talk.setDetector(detector);
        }

        void start() {
            raft.onMessage(message -> {
                heard.add(message);
                talk.hear(message);
            });
            raft.addListener(new MonitorDuty(nodeId, raft, detector));
            leaderDuty.start();
            var _ = beats.scheduleWithFixedDelay(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void beat() {
            if (beating) {
                long nonce = nonces.incrementAndGet();
                beaten.add(nonce);
                talk.beat(nonce, missing);
            }
        }

        Set<String> liveNodes() {
            return detector.live;
        }

        boolean hasHeardOfMissing(String ofNode) {
            return heard.stream()
                    .anyMatch(message -> message instanceof PeerMessage.Report report
                            && report.beat().nodeId().equals(ofNode)
                            && report.missing().containsKey(GROUP));
        }

        List<String> suspected() {
            return heard.stream()
                    .filter(PeerMessage.Suspicions.class::isInstance)
                    .flatMap(message -> ((PeerMessage.Suspicions) message).targets().stream())
                    .map(Command.Target::memberId)
                    .toList();
        }

        void stop() {
            beats.shutdownNow();
            leaderDuty.close();
            talk.close();
        }
    }

    /** Keeps what it is told. */
    private static final class Detector implements FailureDetector {
        private final ConcurrentLinkedQueue<Long> ticked = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> probed = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<PeerMessage.Finding> findings = new ConcurrentLinkedQueue<>();
        private volatile Set<String> live = Set.of();

        @Override
        public void monitor(MonitoredMember member) {}

        @Override
        public void forget(long incarnation) {}

        @Override
        public void retainOnly(Collection<MonitoredMember> members) {}

        @Override
        public void viewChanged(String namespace, String group, long view) {}

        @Override
        public void nodesAre(Set<String> nodeIds) {
            live = nodeIds;
        }

        @Override
        public void ticked(long nonce) {
            ticked.add(nonce);
        }

        @Override
        public void probe(MonitoredMember member, String asker) {
            probed.add(asker + " asks for " + member.incarnation());
        }

        @Override
        public void probed(String by, List<PeerMessage.Finding> found) {
            findings.addAll(found);
        }

        @Override
        public MonitorStats stats() {
            throw new UnsupportedOperationException("nobody asks");
        }

        @Override
        public void close() {}
    }
}
