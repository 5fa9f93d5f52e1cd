package io.groupmembership.node.raft;

import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a batch to whoever leads, again and again until an answer comes or nobody waits for one any more: straight
 * into the server where this node leads, else over one asynchronous client. The same batch may so reach the log more
 * than once; the replicated state recognises it.
 */
final class BatchSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BatchSender.class);
    private static final long RETRY_MILLIS = 20;
    private static final long ATTEMPT_MILLIS = 2_000;

    private final RaftServer server;
    private final RaftServer.Division division;
    private final RaftClient client;
    private final Reconnection reconnection;
    private final RaftGroupId groupId;
    private final ClientId clientId = ClientId.randomId();
    private final ScheduledExecutorService scheduler;
    private final Map<Long, Attempt> underWay = new ConcurrentHashMap<>();

    /** @param results the encoded results of the batch, and the index of the log entry that has it */
    record Reply(ByteString results, long logIndex) {}

    /** The node that was asked does not lead any more. */
    private static final class SupersededException extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        private SupersededException(String message) {
            super(message);
        }
    }

    private record Attempt(RaftPeerId to, CompletableFuture<RaftClientReply> sent) {}

    BatchSender(
            RaftServer server,
            RaftServer.Division division,
            RaftClient client,
            Reconnection reconnection,
            ScheduledExecutorService scheduler) {
        this.reconnection = reconnection;
        this.server = server;
        this.division = division;
        this.client = client;
        this.groupId = division.getGroup().getGroupId();
        this.scheduler = scheduler;
    }

    /**
     * Sends a batch.
     *
     * @param wanted whether anybody still waits; asked before each attempt
     * @return fails only with {@link UnavailableException}, once nobody waits
     */
    CompletableFuture<Reply> send(ByteString batch, BooleanSupplier wanted) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        attempt(Message.valueOf(batch), wanted, reply);
        return reply;
    }

    private void attempt(Message batch, BooleanSupplier wanted, CompletableFuture<Reply> reply) {
        if (!wanted.getAsBoolean()) {
            reply.completeExceptionally(new UnavailableException("no answer from the leader in time", true));
            return;
        }
        RaftPeerId leader = division.getInfo().getLeaderId();
        // a node that is let in hears of the leader before it has its address
        if (leader == null || division.getRaftConf().getPeer(leader) == null) {
            retry(batch, wanted, reply);
            return;
        }
        long callId = CallId.getAndIncrement();
        long sentNanos = System.nanoTime();
        CompletableFuture<RaftClientReply> sent = sendTo(leader, callId, batch);
        underWay.put(callId, new Attempt(leader, sent));
        var _ = sent.orTimeout(ATTEMPT_MILLIS, TimeUnit.MILLISECONDS).whenComplete((answer, failure) -> {
            underWay.remove(callId);
            if (failure == null && answer.isSuccess()) {
                reply.complete(new Reply(answer.getMessage().getContent(), answer.getLogIndex()));
                return;
            }
            if (failure != null) {
                LOG.debug("a batch did not reach {}", leader, failure);
                if (!leader.equals(division.getId()) && !(causeOf(failure) instanceof SupersededException)) {
                    reconnection.failed(leader, sentNanos, causeOf(failure));
                }
            } else {
                LOG.debug("{} did not take a batch", leader, answer.getException());
            }
            retry(batch, wanted, reply);
        });
    }

    /**
     * Gives up waiting for any other: one that is paused or cut off may not answer for long. Returns at once, as Ratis's
     * own thread needs it to.
     */
    void leaderIs(RaftPeerId leader) {
        try {
            scheduler.execute(() -> underWay.values().forEach(attempt -> {
                if (!attempt.to.equals(leader)) {
                    attempt.sent.completeExceptionally(new SupersededException(leader + " leads now"));
                }
            }));
        } catch (RejectedExecutionException e) {
            LOG.debug("this node stops while {} takes over", leader, e);
        }
    }

    private CompletableFuture<RaftClientReply> sendTo(RaftPeerId leader, long callId, Message batch) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(leader)
                .setGroupId(groupId)
                .setCallId(callId)
                .setMessage(batch)
                .setType(RaftClientRequest.writeRequestType())
                .build();
        try {
            if (leader.equals(division.getId())) {
                return server.submitClientRequestAsync(request);
            }
            client.getClientRpc()
                    .addRaftPeers(List.copyOf(division.getRaftConf().getAllPeers()));
            return client.getClientRpc().sendRequestAsyncUnordered(request);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void retry(Message batch, BooleanSupplier wanted, CompletableFuture<Reply> reply) {
        try {
            var _ = scheduler.schedule(() -> attempt(batch, wanted, reply), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            reply.completeExceptionally(new UnavailableException("this node is shutting down", true));
        }
    }

    /** What a future failed with, without the wrapper that its dependents see. */
    static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
