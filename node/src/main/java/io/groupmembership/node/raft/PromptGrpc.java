package io.groupmembership.node.raft;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.apache.ratis.util.AwaitForSignal;
import org.jspecify.annotations.Nullable;

/**
 * Ratis's gRPC, with a leader that tells its followers of a commit at once.
 *
 * <p>In Ratis 3.3.0 the commit index goes out with the next entry, or else with the next heartbeat: on a quiet cluster a
 * follower saw a change, and served a read, up to half an election timeout late. (Its appenders do wake for a commit,
 * but send an empty request only where a heartbeat is due; and a signal that comes while they are busy is forgotten.)
 *
 * <p>Public, with a public constructor, because Ratis makes it from its name.
 */
public final class PromptGrpc implements RpcType {
    @Override
    public String name() {
        return PromptGrpc.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(parameters);
    }

    private static final class Factory extends GrpcFactory {
        private Factory(Parameters parameters) {
            super(parameters);
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            return new Appender(server, state, follower);
        }
    }

    private static final class Appender extends GrpcLogAppender {
        private final AwaitForSignal signal;
        /** Used by the appender's thread only. */
        private long lastCommitSent = -1;

        private Appender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            super(server, state, follower);
            signal = new RememberedSignal(follower.getName());
        }

        @Override
        public AwaitForSignal getEventAwaitForSignal() {
            return signal;
        }

        /**
         * An empty request, once for each commit index, where the follower has every entry and lacks just that; nothing
         * where an entry under way will bring a later one.
         */
        @Override
        public @Nullable AppendEntriesRequestProto newAppendEntriesRequest(long callId, boolean heartbeat)
                throws RaftLogIOException {
            if (heartbeat || shouldSendAppendEntries()) {
                return super.newAppendEntriesRequest(callId, heartbeat);
            }
            long commitIndex = getRaftLog().getLastCommittedIndex();
            if (commitIndex == lastCommitSent || hasUncommitted() || hasPendingDataRequests()) {
                return null;
            }
            lastCommitSent = commitIndex;
            return super.newAppendEntriesRequest(callId, true);
        }

        private boolean hasUncommitted() {
            TermIndex last = getRaftLog().getLastEntryTermIndex();
            return last != null && last.getIndex() > getRaftLog().getLastCommittedIndex();
        }
    }

    /** A signal that is kept until somebody waits for it; for one that waits. */
    private static final class RememberedSignal extends AwaitForSignal {
        private final Semaphore given = new Semaphore(0);

        private RememberedSignal(Object name) {
            super(name);
        }

        @Override
        public void await() throws InterruptedException {
            given.acquire();
            var _ = given.drainPermits();
        }

        @Override
        public boolean await(long time, TimeUnit unit) throws InterruptedException {
            boolean woken = given.tryAcquire(time, unit);
            var _ = given.drainPermits();
            return woken;
        }

        @Override
        public void signal() {
            given.release();
        }
    }
}
