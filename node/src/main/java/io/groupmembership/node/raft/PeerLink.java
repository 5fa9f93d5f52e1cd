package io.groupmembership.node.raft;

import io.groupmembership.membership.CorruptDataException;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.PeerMessageCodec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nodes tell each other beside the log, over Ratis's own connections: a message travels as a stale read, which the
 * server that it is sent to hands to its state machine, whether it leads or not. At most once, in no order; at most
 * {@value #UNDER_WAY} at a time to each node, more are dropped.
 */
final class PeerLink {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);
    private static final int UNDER_WAY = 64;
    private static final long ATTEMPT_MILLIS = 1_000;

    private final RaftServer.Division division;
    private final RaftClient client;
    private final Reconnection reconnection;
    private final Consumer<PeerMessage> toSelf;
    private final ClientId clientId = ClientId.randomId();
    private final Map<RaftPeerId, AtomicInteger> underWay = new ConcurrentHashMap<>();

    /** @param toSelf hears what this node tells itself */
    PeerLink(RaftServer.Division division, RaftClient client, Reconnection reconnection, Consumer<PeerMessage> toSelf) {
        this.reconnection = reconnection;
        this.division = division;
        this.client = client;
        this.toSelf = toSelf;
    }

    static PeerMessage read(Message message) throws IOException {
        try {
            return PeerMessageCodec.decode(message.getContent().toByteArray());
        } catch (CorruptDataException e) {
            throw new IOException("no message between nodes: " + e.getMessage(), e);
        }
    }

    void tellLeader(PeerMessage message) {
        RaftPeerId leader = division.getInfo().getLeaderId();
        if (leader != null) {
            tell(leader::equals, message);
        }
    }

    void tellOthers(PeerMessage message) {
        tell(peer -> !peer.equals(division.getId()), message);
    }

    void tell(String nodeId, PeerMessage message) {
        tell(peer -> PeerNames.nodeId(peer).equals(nodeId), message);
    }

    private void tell(Predicate<RaftPeerId> who, PeerMessage message) {
        Message bytes = Message.valueOf(ByteString.copyFrom(PeerMessageCodec.encode(message)));
        division.getRaftConf().getAllPeers().stream()
                .map(peer -> peer.getId())
                .filter(who)
                .forEach(peer -> {
                    if (peer.equals(division.getId())) {
                        toSelf.accept(message);
                    } else {
                        send(peer, bytes);
                    }
                });
    }

    private void send(RaftPeerId peer, Message message) {
        AtomicInteger count = underWay.computeIfAbsent(peer, it -> new AtomicInteger());
        if (count.incrementAndGet() > UNDER_WAY) {
            count.decrementAndGet();
            return;
        }
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(peer)
                .setGroupId(division.getGroup().getGroupId())
                .setCallId(CallId.getAndIncrement())
                .setMessage(message)
                .setType(RaftClientRequest.staleReadRequestType(0))
                .build();
        long sentNanos = System.nanoTime();
        CompletableFuture<RaftClientReply> sent;
        try {
            client.getClientRpc()
                    .addRaftPeers(List.copyOf(division.getRaftConf().getAllPeers()));
            sent = client.getClientRpc().sendRequestAsyncUnordered(request);
        } catch (RuntimeException e) {
            sent = CompletableFuture.failedFuture(e);
        }
        var _ = sent.orTimeout(ATTEMPT_MILLIS, TimeUnit.MILLISECONDS).whenComplete((reply, failure) -> {
            count.decrementAndGet();
            if (failure != null) {
                LOG.debug("a message did not reach {}", peer, failure);
                reconnection.failed(peer, sentNanos, BatchSender.causeOf(failure));
            } else if (!reply.isSuccess()) {
                LOG.debug("{} did not take a message", peer, reply.getException());
            }
        });
    }
}
