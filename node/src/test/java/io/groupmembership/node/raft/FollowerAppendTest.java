package io.groupmembership.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that hears a leader of its own making. */
@Tag("slow")
class FollowerAppendTest {
    private static final long TERM = 5;
    private static final long NOTHING_COMMITTED = -1;

    @TempDir
    private Path directory;

    @Test
    void anAppendThatTheLogRefusesIsTheOnlyOneThatFails() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, Duration.ofSeconds(10))) {
            cluster.start("node-1");
            assertThat(append(cluster, TERM, 0, TERM)).isEqualTo(AppendResult.SUCCESS);

            assertThatThrownBy(() -> append(cluster, TERM, 1, TERM - 1)).hasMessageContaining("term less than");

            assertThat(append(cluster, TERM, 1, TERM)).isEqualTo(AppendResult.SUCCESS);
            assertThat(append(cluster, TERM, 2, TERM)).isEqualTo(AppendResult.SUCCESS);
        }
    }

    @Test
    void aTermThatCouldNotBeWrittenDownIsWrittenDownBeforeAnyEntryOfIt() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, Duration.ofSeconds(10))) {
            Path votes = votes(cluster.start("node-1"));
            assertThat(append(cluster, TERM, 0, TERM)).isEqualTo(AppendResult.SUCCESS);

            Path obstacle = obstruct(votes);
            assertThatThrownBy(() -> append(cluster, TERM + 1, 1, TERM + 1)).hasRootCauseInstanceOf(IOException.class);
            Files.delete(obstacle);

            assertThat(append(cluster, TERM + 1, 1, TERM + 1)).isEqualTo(AppendResult.SUCCESS);
            assertThat(votes).content().contains("term=" + (TERM + 1));
            assertThat(cluster.ends()).isEmpty();
        }
    }

    @Test
    void aNodeThatCanNotWriteDownATermAtAllEndsBeforeAnyEntryOfIt() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, Duration.ofSeconds(10))) {
            RaftNode follower = cluster.start("node-1");
            assertThat(append(cluster, TERM, 0, TERM)).isEqualTo(AppendResult.SUCCESS);

            obstruct(votes(follower));
            assertThatThrownBy(() -> append(cluster, TERM + 1, 1, TERM + 1)).hasRootCauseInstanceOf(IOException.class);
            assertThatThrownBy(() -> append(cluster, TERM + 1, 1, TERM + 1)).hasMessageContaining("ended with");

            assertThat(cluster.ends()).singleElement().asString().contains("the new term can't be written down");
            assertThat(follower.division().orElseThrow().getRaftLog().getNextIndex())
                    .isEqualTo(1);
        }
    }

    private static Path votes(RaftNode follower) {
        return follower.division()
                .orElseThrow()
                .getRaftStorage()
                .getStorageDir()
                .getRoot()
                .toPath()
                .resolve("current/raft-meta");
    }

    /** Something lies where Ratis writes the next version of the file. */
    private static Path obstruct(Path votes) throws IOException {
        return Files.createDirectory(votes.resolveSibling(votes.getFileName() + ".tmp"));
    }

    /** Sends one entry to the first node, as the leader of a term. */
    private static AppendResult append(TestCluster cluster, long leaderTerm, long index, long term) throws Exception {
        RaftNode follower = cluster.node("node-1");
        RaftServer server = follower.server().orElseThrow();
        RaftServer.Division division = follower.division().orElseThrow();
        AppendEntriesRequestProto.Builder request = AppendEntriesRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(
                                ByteString.copyFromUtf8(cluster.member("node-2").peerId()))
                        .setReplyId(division.getId().getRaftPeerIdProto().getId())
                        .setRaftGroupId(RaftGroupIdProto.newBuilder()
                                .setId(division.getGroup().getGroupId().toByteString())))
                .setLeaderTerm(leaderTerm)
                .setLeaderCommit(NOTHING_COMMITTED)
                .addEntries(LogEntryProto.newBuilder()
                        .setTerm(term)
                        .setIndex(index)
                        .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                                .setClientId(ClientId.randomId().toByteString())
                                .setLogData(ByteString.copyFromUtf8("x"))));
        if (index > 0) {
            request.setPreviousLog(TermIndexProto.newBuilder().setTerm(TERM).setIndex(index - 1));
        }
        CompletableFuture<AppendEntriesReplyProto> reply =
                ((RaftServerAsynchronousProtocol) server).appendEntriesAsync(request.build());
        return reply.get(20, TimeUnit.SECONDS).getResult();
    }
}
