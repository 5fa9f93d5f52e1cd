package io.groupmembership.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupView;
import io.groupmembership.membership.KvCondition;
import io.groupmembership.membership.KvEntry;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.raft.storage.RaftVolume;
import io.groupmembership.protocol.HeartbeatMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RaftNodeTest {
    private static final GroupKey GROUP = new GroupKey("default", "payments");
    private static final long LIMIT_SECONDS = 20;

    @TempDir
    Path directory;

    private static Request join(String memberId) {
        MemberSpec spec = MemberSpec.of(
                memberId, "127.0.0.1:7000", HeartbeatMode.TCP, "127.0.0.1:7000", Optional.empty(), Map.of());
        return new Request(
                Optional.empty(), new Command.Join(GROUP, List.of(new Command.Joiner(spec, OptionalLong.empty()))));
    }

    private static Request put(String key, String value) {
        return new Request(
                Optional.empty(),
                new Command.KvPut(key, value.getBytes(StandardCharsets.UTF_8), new KvCondition.Always()));
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static List<String> members(RaftNode node) {
        return node.read(state -> state.view(GROUP))
                .map(view -> view.members().stream().map(Member::memberId).toList())
                .orElse(List.of());
    }

    @Test
    void whatAFollowerIsAskedIsSeenByEveryNodeBehindABarrier() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3).startAll()) {
            cluster.leader();
            for (String nodeId : cluster.nodeIds()) {
                Result result = await(cluster.node(nodeId).submit(join("of-" + nodeId)));
                assertThat(result)
                        .isInstanceOfSatisfying(
                                Result.Joins.class,
                                joins -> assertThat(joins.results().getFirst()).isInstanceOf(Result.Joined.class));
            }
            for (String nodeId : cluster.nodeIds()) {
                await(cluster.node(nodeId).barrier());
                assertThat(members(cluster.node(nodeId))).containsExactly("of-node-1", "of-node-2", "of-node-3");
            }
        }
    }

    @Test
    void aReadBehindABarrierSeesWhatAnyNodeAcknowledgedBefore() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3).startAll()) {
            cluster.leader();
            List<String> ids = cluster.nodeIds();
            for (int i = 0; i < 200; i++) {
                await(cluster.node(ids.get(i % 3)).submit(put("default/counter", String.valueOf(i))));
                RaftNode reader = cluster.node(ids.get((i + 1) % 3));
                await(reader.barrier());
                KvEntry entry =
                        reader.read(state -> state.kv("default/counter")).orElseThrow();
                assertThat(new String(entry.value(), StandardCharsets.UTF_8)).isEqualTo(String.valueOf(i));
            }
        }
    }

    @Test
    void manyRequestsShareLogEntriesAndEachHasItsOwnResult() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3).startAll()) {
            RaftNode follower = cluster.node(cluster.follower());
            List<CompletableFuture<Result>> results = new ArrayList<>();
            for (int i = 0; i < 900; i++) {
                results.add(follower.submit(join("member-" + i)));
            }
            List<Long> views = new ArrayList<>();
            for (CompletableFuture<Result> result : results) {
                Result.Joins joins = (Result.Joins) await(result);
                views.add(((Result.Joined) joins.results().getFirst()).view());
            }
            assertThat(views).doesNotHaveDuplicates().contains(1L, 900L);
            assertThat(follower.commitFigures().orElseThrow().batches()).isLessThan(900 / 4);
        }
    }

    @Test
    @Timeout(120)
    void aSnapshotWhoseDigestCantBeSavedIsTakenLaterAndNothingStops() throws Exception {
        // given nowhere to put the digest of any snapshot of a node
        try (TestCluster cluster = new TestCluster(directory, 1).startAll()) {
            RaftNode node = cluster.node(cluster.leader());
            long term = node.status().state().term();
            Path snapshots = only(directory.resolve("node-1/raft")).resolve("sm");
            List<Path> inTheWay = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                Path digest = snapshots.resolve("snapshot." + term + "_" + i + ".md5");
                inTheWay.add(Files.createDirectories(digest.resolve("in the way")));
            }

            // when snapshots are due
            for (int i = 0; i < 250; i++) {
                await(node.submit(join("before-" + i)));
            }
            await(node.barrier());

            // then none is half there, and the node goes on
            assertThat(files(snapshots)).noneMatch(name -> name.startsWith("snapshot."));
            for (Path each : inTheWay) {
                Files.deleteIfExists(each);
                Files.deleteIfExists(Objects.requireNonNull(each.getParent()));
            }
            for (int i = 0; i < 150; i++) {
                await(node.submit(join("after-" + i)));
            }
            Awaitility.await()
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> files(snapshots).stream().anyMatch(name -> name.endsWith(".md5")));
            assertThat(members(node)).hasSize(400);
            assertThat(cluster.ends()).isEmpty();
        }
    }

    @Test
    void aDivisionThatClosesByItselfEndsTheProcess() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1).startAll()) {
            RaftNode node = cluster.node(cluster.leader());
            assertThat(cluster.ends()).isEmpty();

            node.division().orElseThrow().close();

            Awaitility.await()
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> cluster.ends().stream().anyMatch(end -> end.contains("the Raft division closed")));
        }
    }

    private static Path only(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(Path::getFileName)
                    .map(Path::toString)
                    .toList();
        }
    }

    @Test
    void everythingIsThereAfterAllNodesStoppedAndStarted() throws Exception {
        TestCluster cluster = new TestCluster(directory, 3).startAll();
        try (cluster) {
            String leader = cluster.leader();
            for (int i = 0; i < 250; i++) {
                await(cluster.node(leader).submit(join("member-" + i)));
            }
            GroupView before =
                    cluster.node(leader).read(state -> state.view(GROUP)).orElseThrow();
            cluster.stopAll();
            try (Stream<Path> files = Files.walk(directory)) {
                assertThat(files.map(Path::getFileName).map(Path::toString))
                        .as("snapshots were taken")
                        .anyMatch(name -> name.startsWith("snapshot.") && !name.contains("md5"));
            }
            cluster.startAll();
            cluster.leader();
            for (String nodeId : cluster.nodeIds()) {
                await(cluster.node(nodeId).barrier());
                GroupView after =
                        cluster.node(nodeId).read(state -> state.view(GROUP)).orElseThrow();
                assertThat(after).isEqualTo(before);
            }
        }
    }

    @Test
    void aMinorityAnswersNeitherReadsNorWritesAndSaysSoInTime() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3).startAll()) {
            String leader = cluster.leader();
            await(cluster.node(leader).submit(join("before")));
            for (String nodeId : cluster.nodeIds()) {
                if (!nodeId.equals(leader)) {
                    cluster.stop(nodeId);
                }
            }
            RaftNode left = cluster.node(leader);
            assertThatThrownBy(() -> await(left.submit(join("during"))))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("majority");
            assertThatThrownBy(() -> await(left.barrier()))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void aFollowerSeesACommitAtOnceThoughNothingFollowsIt() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, Duration.ofSeconds(3)).startAll()) {
            RaftNode leader = cluster.node(cluster.leader());
            RaftNode follower = cluster.node(cluster.follower());
            await(follower.barrier());
            List<Long> millis = new ArrayList<>();
            for (int i = 0; i < 11; i++) {
                await(leader.submit(join("member-" + i)));
                long beganNanos = System.nanoTime();
                await(follower.barrier());
                millis.add((System.nanoTime() - beganNanos) / 1_000_000);
            }
            // a heartbeat comes every 1,500 ms, a read that need not wait for one takes some 10 ms
            Collections.sort(millis);
            assertThat(millis.get(millis.size() / 2)).isLessThan(700);
        }
    }

    @Test
    void moreRequestsThanTheQueueHoldsAreRefusedAtOnce() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3)) {
            // one of three: no leader, so nothing leaves the queue but the batches that wait for one
            RaftNode alone = cluster.start("node-1");
            List<CompletableFuture<Result>> results = new ArrayList<>();
            int room = 1_000 + GroupCommit.MAX_REQUESTS;
            for (int i = 0; i < 2 * room; i++) {
                results.add(alone.submit(join("member-" + i)));
            }
            long overloaded = results.stream()
                    .filter(result -> result.handle((r, failure) -> failure instanceof OverloadedException)
                            .getNow(false))
                    .count();
            assertThat(overloaded).isGreaterThanOrEqualTo(room);
            for (CompletableFuture<Result> result : results) {
                assertThatThrownBy(() -> await(result)).isInstanceOf(ExecutionException.class);
            }
        }
    }

    @Test
    void whatIsNoBatchIsRefusedAndHurtsNobody() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3).startAll()) {
            RaftNode leader = cluster.node(cluster.leader());
            RaftServer server = leader.server().orElseThrow();
            RaftClientReply reply = await(server.submitClientRequestAsync(RaftClientRequest.newBuilder()
                    .setClientId(ClientId.randomId())
                    .setServerId(server.getId())
                    .setGroupId(leader.division().orElseThrow().getGroup().getGroupId())
                    .setCallId(CallId.getAndIncrement())
                    .setMessage(Message.valueOf("no batch"))
                    .setType(RaftClientRequest.writeRequestType())
                    .build()));
            assertThat(reply.isSuccess()).isFalse();
            await(leader.submit(join("after")));
            assertThat(members(leader)).containsExactly("after");
        }
    }

    @Test
    void aNodeWhoseRaftLogWasTakenAwayIsRefused() throws IOException {
        NodeDirectory gone = new NodeDirectory(directory);
        try (TestCluster cluster = new TestCluster(directory, 1).startAll()) {
            cluster.leader();
        }
        gone.deleteRaft("node-1");
        assertThatThrownBy(
                        () -> new RaftVolume(gone.identity("node-1"), directory.resolve("node-1/raft")).beforeStart())
                .hasMessageContaining("Raft log of this node is gone");
    }

    /** What a test does to a node's volume. */
    private record NodeDirectory(Path directory) {
        void deleteRaft(String nodeId) throws IOException {
            try (Stream<Path> files = Files.walk(directory.resolve(nodeId).resolve("raft"))) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }

        NodeIdentity identity(String nodeId) {
            return NodeIdentity.load(nodeId, directory.resolve("cluster.json"), directory.resolve(nodeId));
        }
    }
}
