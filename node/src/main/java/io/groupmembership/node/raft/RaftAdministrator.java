package io.groupmembership.node.raft;

import io.groupmembership.protocol.api.RaftState;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;

/**
 * Carries out changes of the Raft group on the node that leads. Whether a change is safe is decided here, from Raft's
 * own configuration and from what the leader hears, whoever asks for it.
 */
public final class RaftAdministrator implements RaftAdministration {
    /** A peer that was silent for longer does not count for the majority that a change leaves. */
    private static final Duration REACHABLE = Duration.ofSeconds(2);

    /** A joiner fetches a snapshot before it counts. */
    private static final Duration CHANGE_LIMIT = Duration.ofSeconds(90);

    /** A follower that lacks more has a snapshot to fetch, or long to catch up. */
    private static final long CAUGHT_UP_ENTRIES = 10_000;

    private static final Duration TRANSFER_LIMIT = Duration.ofSeconds(3);

    private final RaftNode raft;

    public RaftAdministrator(RaftNode raft) {
        this.raft = raft;
    }

    @Override
    public CompletableFuture<RaftState> changeConfiguration(
            Optional<List<String>> expectedPeerIds, List<RaftState.Peer> peers) {
        return onLeader((server, division) -> {
            RaftState now = raft.status().state();
            Optional<String> refusal = ConfigurationCheck.refusal(
                    now.peers(), !now.oldPeers().isEmpty(), expectedPeerIds, peers, takingPart(now));
            if (refusal.isPresent()) {
                throw new RefusedException(refusal.get());
            }
            SetConfigurationRequest request = new SetConfigurationRequest(
                    ClientId.randomId(),
                    division.getId(),
                    division.getGroup().getGroupId(),
                    CallId.getAndIncrement(),
                    SetConfigurationRequest.Arguments.newBuilder()
                            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                            .setServersInCurrentConf(
                                    now.peers().stream().map(PeerNames::peer).toList())
                            .setServersInNewConf(
                                    peers.stream().map(PeerNames::peer).toList())
                            .build());
            return answered(
                    server.setConfigurationAsync(request),
                    CHANGE_LIMIT,
                    reply -> raft.status().state());
        });
    }

    /** The peerIds that the leader has heard of lately and that have nearly all that is agreed on, its own among them. */
    private Set<String> takingPart(RaftState now) {
        Map<String, DivisionView.Follower> followers = raft.knownFollowers();
        Set<String> takingPart = new HashSet<>(Set.of(now.peerId()));
        for (RaftState.Peer peer : now.peers()) {
            DivisionView.Follower follower = followers.get(PeerNames.nodeId(RaftPeerId.valueOf(peer.peerId())));
            if (follower != null
                    && follower.silence().compareTo(REACHABLE) < 0
                    && follower.lacks() < CAUGHT_UP_ENTRIES) {
                takingPart.add(peer.peerId());
            }
        }
        return takingPart;
    }

    @Override
    public CompletableFuture<Void> transferLeadership(String nodeId) {
        return onLeader((server, division) -> {
            RaftPeerId target = raft.status().state().peers().stream()
                    .map(peer -> RaftPeerId.valueOf(peer.peerId()))
                    .filter(peerId -> PeerNames.nodeId(peerId).equals(nodeId))
                    .findFirst()
                    .orElseThrow(() -> new RefusedException(nodeId + " is not in the configuration"));
            if (target.equals(division.getId())) {
                return CompletableFuture.completedFuture(null);
            }
            return answered(
                    LeadershipTransfer.to(target, server, division, TRANSFER_LIMIT), TRANSFER_LIMIT, reply -> null);
        });
    }

    @Override
    public CompletableFuture<RaftState> recover(long recoveryEpoch) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return raft.recover(recoveryEpoch);
                    } catch (IOException e) {
                        throw new UnavailableException("the volume can't be written: " + e.getMessage(), true);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new UnavailableException("this node ends", false);
                    }
                },
                command -> Thread.ofPlatform().name("recovery").start(command));
    }

    private interface Action<T> {
        CompletableFuture<T> on(RaftServer server, RaftServer.Division division) throws IOException;
    }

    private <T> CompletableFuture<T> onLeader(Action<T> action) {
        Optional<RaftServer> server = raft.server();
        Optional<RaftServer.Division> division = raft.division();
        if (server.isEmpty() || division.isEmpty()) {
            return CompletableFuture.failedFuture(new UnavailableException("this node is starting", false));
        }
        if (!division.get().getInfo().isLeader()) {
            return CompletableFuture.failedFuture(raft.status()
                    .leaderNodeId()
                    .<RuntimeException>map(leader -> new RefusedException(leader + " leads: ask that node"))
                    .orElseGet(() -> new UnavailableException("no node leads now", false)));
        }
        try {
            return action.on(server.get(), division.get());
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new UnavailableException(String.valueOf(e.getMessage()), true));
        }
    }

    private static <T> CompletableFuture<T> answered(
            CompletableFuture<RaftClientReply> reply, Duration limit, Function<RaftClientReply, T> value) {
        return reply.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).handle((answer, failure) -> {
            if (failure != null) {
                throw new UnavailableException(
                        "the change was not answered in time; it may still take effect: " + failure, true);
            }
            if (!answer.isSuccess()) {
                throw new RefusedException(
                        "Raft refused: " + answer.getException().getMessage());
            }
            return value.apply(answer);
        });
    }
}
