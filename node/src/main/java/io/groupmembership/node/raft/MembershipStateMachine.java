package io.groupmembership.node.raft;

import io.groupmembership.membership.CorruptDataException;
import io.groupmembership.membership.Entry;
import io.groupmembership.membership.EntryCodec;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.ResultCodec;
import io.groupmembership.membership.Snapshot;
import io.groupmembership.node.raft.storage.RaftVolume;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.server.storage.RaftStorageMetadataFile;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/**
 * Between Ratis and the replicated state: entries in, results out, snapshots to disk and back.
 *
 * <p>A batch is read through before the leader appends it, because an entry that can't be applied would stop every node
 * that meets it, again and again. What breaks later is told to {@link Events}, which ends the process: Ratis would leave
 * it standing with a closed division.
 */
final class MembershipStateMachine extends BaseStateMachine {
    /** The log may grow by so many entries before a snapshot that failed is tried again. */
    private static final int ENTRIES_AFTER_FAILURE = 100;

    private final UUID clusterId;
    private final String nodeId;
    private final StateHolder holder;
    private final Events events;
    private final LongSupplier clockMillis;
    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private volatile @Nullable RaftStorage raftStorage;
    private long bytesSinceSnapshot;
    private long snapshotFailedAt = Long.MIN_VALUE;

    /** What the node does about what Ratis tells its state machine. */
    interface Events {
        /** The Raft server can't go on. */
        void broken(String what, @Nullable Throwable cause);

        /** Ratis uses the state machine no more. */
        void closed();

        /** The log has grown by {@link RaftSettings#SNAPSHOT_BYTES} since the last snapshot. */
        void snapshotWanted();

        /** This node has heard of a new leader, perhaps itself. */
        void leaderIs(RaftPeerId leader);

        /** Another node has told something; must return at once. */
        void told(PeerMessage message);

        /** A configuration is committed that is no step between two others. */
        void configurationHas(int peers);
    }

    MembershipStateMachine(UUID clusterId, String nodeId, StateHolder holder, Events events, LongSupplier clockMillis) {
        this.clusterId = clusterId;
        this.nodeId = nodeId;
        this.holder = holder;
        this.events = events;
        this.clockMillis = clockMillis;
    }

    // ---- life

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage newRaftStorage) throws IOException {
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            super.initialize(server, groupId, newRaftStorage);
                            raftStorage = newRaftStorage;
                            storage.init(newRaftStorage);
                            load(storage.getLatestSnapshot());
                        },
                        IOException.class);
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    /** Another node's snapshot has been put into the storage. */
    @Override
    public void reinitialize() throws IOException {
        load(storage.loadLatestSnapshot());
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    // ---- entries

    /** On the leader: reads the batch through and stamps it. */
    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        ByteString stamped = ByteString.copyFrom(EntryCodec.stamp(nodeId, clockMillis.getAsLong()))
                .concat(request.getMessage().getContent());
        TransactionContext.Builder transaction = TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setServerRole(RaftPeerRole.LEADER)
                .setLogData(stamped);
        try {
            return transaction
                    .setStateMachineContext(EntryCodec.decode(stamped.toByteArray()))
                    .build();
        } catch (CorruptDataException e) {
            TransactionContext refused = transaction.build();
            refused.setException(new IOException("not a batch: " + e.getMessage()));
            return refused;
        }
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto logEntry = transaction.getLogEntry();
        ByteString data = logEntry.getStateMachineLogEntry().getLogData();
        Entry entry = transaction.getStateMachineContext() instanceof Entry decoded
                ? decoded
                : EntryCodec.decode(data.toByteArray());
        List<Result> results = holder.apply(entry, logEntry.getIndex());
        updateLastAppliedTermIndex(logEntry.getTerm(), logEntry.getIndex());
        bytesSinceSnapshot += data.size();
        if (bytesSinceSnapshot > RaftSettings.SNAPSHOT_BYTES) {
            bytesSinceSnapshot = 0;
            events.snapshotWanted();
        }
        // followers have nobody to answer
        return CompletableFuture.completedFuture(
                transaction.getServerRole() == RaftPeerRole.LEADER
                        ? Message.valueOf(ByteString.copyFrom(ResultCodec.encode(results)))
                        : Message.EMPTY);
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        super.notifyTermIndexUpdated(term, index);
        holder.appliedUpTo(index);
    }

    // ---- messages of other nodes

    /** A stale read is how {@link PeerLink} sends. */
    @Override
    public CompletableFuture<Message> queryStale(Message request, long minIndex) {
        try {
            events.told(PeerLink.read(request));
            return CompletableFuture.completedFuture(Message.EMPTY);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    // ---- snapshots

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex last = getLastAppliedTermIndex();
        if (last == null || last.getIndex() < 0) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        // Ratis would try again at each entry, and write as much each time
        if (snapshotFailedAt > last.getIndex() - ENTRIES_AFTER_FAILURE) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        snapshotFailedAt = last.getIndex();
        File file = storage.getSnapshotFile(last.getTerm(), last.getIndex());
        Path unfinished = file.toPath().resolveSibling(file.getName() + ".unfinished");
        try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
            BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
            // the thread that takes snapshots is the one that applies, so nobody writes meanwhile
            writeState(buffered);
            buffered.flush();
            out.getFD().sync();
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        Files.move(unfinished, file.toPath(), StandardCopyOption.ATOMIC_MOVE);
        MD5Hash digest = saveDigest(file);
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file.toPath(), digest), last));
        bytesSinceSnapshot = 0;
        snapshotFailedAt = Long.MIN_VALUE;
        return last.getIndex();
    }

    /** What is no IOException closes the division: a disk that is full for a moment must not. */
    private static MD5Hash saveDigest(File file) throws IOException {
        try {
            return MD5FileUtil.computeAndSaveMd5ForFile(file);
        } catch (IllegalStateException e) {
            Files.deleteIfExists(file.toPath());
            throw new IOException("the digest of the snapshot " + file + " can't be saved", e);
        }
    }

    private void writeState(BufferedOutputStream out) throws IOException {
        IOException failure = holder.read(state -> {
            try {
                Snapshot.write(state, out);
                return null;
            } catch (IOException e) {
                return e;
            }
        });
        if (failure != null) {
            throw failure;
        }
    }

    private void load(@Nullable SingleFileSnapshotInfo snapshot) throws IOException {
        if (snapshot == null) {
            return;
        }
        File file = snapshot.getFile().getPath().toFile();
        try (BufferedInputStream in = new BufferedInputStream(new FileInputStream(file), 1 << 16)) {
            MembershipState state = Snapshot.read(in, file.length(), clusterId);
            TermIndex last = SimpleStateMachineStorage.getTermIndexFromSnapshotFile(file);
            setLastAppliedTermIndex(last);
            holder.replace(state, last.getIndex());
        } catch (CorruptDataException e) {
            throw new DamagedDataException(
                    "the snapshot " + file + " can't be read (" + e.getMessage() + "). " + RaftVolume.advice(nodeId),
                    e);
        }
    }

    // ---- what changes around it, and what can break

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId groupMemberId, RaftPeerId newLeaderId) {
        try {
            writeDownTerm(groupMemberId.getGroupId());
        } catch (IOException e) {
            events.broken("the new term can't be written down", e);
        }
        events.leaderIs(newLeaderId);
    }

    /**
     * Ratis writes down a term when it first hears of it; where that fails, on a full disk for example, it does not try
     * again, and the log goes ahead of the term on the disk: a node that starts with that could believe a deposed leader.
     * This is called before the first entry of a term is appended. No vote of this node has gone out in a term that is not
     * written down.
     */
    private void writeDownTerm(RaftGroupId groupId) throws IOException {
        long term = getServer().join().getDivision(groupId).getInfo().getCurrentTerm();
        RaftStorageMetadataFile written = Objects.requireNonNull(raftStorage).getMetadataFile();
        if (written.getMetadata().getTerm() < term) {
            written.persist(RaftStorageMetadata.valueOf(
                    term, RaftStorageMetadata.getDefault().getVotedFor()));
        }
    }

    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto configuration) {
        if (configuration.getOldPeersCount() == 0) {
            events.configurationHas(configuration.getPeersCount());
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
        events.broken("the Raft log failed", cause);
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
        events.broken("the Raft server shut down", null);
    }

    /** Ratis closes a division for good where it meets what it did not expect, and tells nobody but us. */
    @Override
    public void close() throws IOException {
        super.close();
        events.closed();
    }

    @Override
    public void notifyGroupRemove() {
        events.broken("this node was removed from its group", null);
    }

    /** What was under way is answered by the exception that Ratis puts into each reply. */
    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {}
}
