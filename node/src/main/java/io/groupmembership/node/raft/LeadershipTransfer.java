package io.groupmembership.node.raft;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves leadership from this node to another one, which is faster than an election. */
final class LeadershipTransfer {
    private static final Logger LOG = LoggerFactory.getLogger(LeadershipTransfer.class);

    private LeadershipTransfer() {}

    /** Asks this node's server, which leads, to hand over to a peer. */
    static CompletableFuture<RaftClientReply> to(
            RaftPeerId target, RaftServer server, RaftServer.Division division, Duration limit) throws IOException {
        return server.transferLeadershipAsync(new TransferLeadershipRequest(
                ClientId.randomId(),
                division.getId(),
                division.getGroup().getGroupId(),
                CallId.getAndIncrement(),
                target,
                limit.toMillis()));
    }

    /** Hands over to the peer that was heard of last, where there is one; gives up after the limit. */
    static void away(RaftServer server, RaftServer.Division division, Duration limit) {
        Optional<RaftPeerId> target =
                division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
                        .filter(follower -> follower.getLastRpcElapsedTimeMs() < limit.toMillis())
                        .min(Comparator.comparingLong(ServerRpcProto::getLastRpcElapsedTimeMs))
                        .map(follower -> RaftPeerId.valueOf(follower.getId().getId()));
        if (target.isEmpty()) {
            return;
        }
        try {
            RaftClientReply reply =
                    to(target.get(), server, division, limit).get(limit.toMillis() + 200, TimeUnit.MILLISECONDS);
            LOG.debug("leadership was handed to {}: {}", target.get(), reply);
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.info("leadership was not handed over: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
