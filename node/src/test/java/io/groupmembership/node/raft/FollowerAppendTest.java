package io.groupmembership.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
            RaftNode follower = cluster.start("node-1");
            assertThat(append(cluster, follower, 0, TERM).getResult()).isEqualTo(AppendResult.SUCCESS);

            assertThatThrownBy(() -> append(cluster, follower, 1, TERM - 1)).hasMessageContaining("term less than");

            assertThat(append(cluster, follower, 1, TERM).getResult()).isEqualTo(AppendResult.SUCCESS);
            assertThat(append(cluster, follower, 2, TERM).getResult()).isEqualTo(AppendResult.SUCCESS);
        }
    }

    /** Sends one entry. */
    private static AppendEntriesReplyProto append(TestCluster cluster, RaftNode follower, long index, long term)
            throws Exception {
        RaftServer server = follower.server().orElseThrow();
        RaftServer.Division division = follower.division().orElseThrow();
        AppendEntriesRequestProto.Builder request = AppendEntriesRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(
                                ByteString.copyFromUtf8(cluster.member("node-2").peerId()))
                        .setReplyId(division.getId().getRaftPeerIdProto().getId())
                        .setRaftGroupId(RaftGroupIdProto.newBuilder()
                                .setId(division.getGroup().getGroupId().toByteString())))
                .setLeaderTerm(TERM)
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
        return reply.get(20, TimeUnit.SECONDS);
    }
}
