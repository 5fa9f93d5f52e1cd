package io.groupmembership.node.raft;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import io.groupmembership.node.Main;
import io.groupmembership.node.NodeSettings;
import io.groupmembership.node.identity.IdentityException;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.identity.Recovery;
import io.groupmembership.node.identity.Volume;
import io.groupmembership.node.raft.storage.RaftVolume;
import io.groupmembership.protocol.api.RaftState;
import io.groupmembership.protocol.tls.ReloadingTls;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's Raft server: started once, and stopped once.
 *
 * <p>Longer than most classes here: start, stop and recovery are the life of one server, and exclude each other.
 *
 * <p>The group has the cluster's id, and the peers of the cluster file until the log has a configuration of its own.
 */
public final class RaftNode implements Replica {
    private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);
    private static final long SNAPSHOT_TIMEOUT_MILLIS = 60_000;
    private static final int CLOSE_SECONDS = 5;
    private static final long CATCH_UP_MILLIS = 100;
    private static final long PROVEN_MILLIS = 1_000;

    /** Each after {@link #CATCH_UP_MILLIS}: several election timeouts, so that an election is not taken for the end. */
    private static final int LOOKS_FOR_A_LEADER = 30;

    /** Until whoever asked for a recovery has the answer. */
    private static final long ANSWER_MILLIS = 300;

    private final NodeIdentity identity;
    private final NodeSettings settings;
    private final Optional<ReloadingTls> tls;
    private final ProcessEnd processEnd;
    private final StateHolder holder;
    private final RaftGroupId groupId;
    private final RaftPeerId peerId;
    private final DivisionView view;
    private final FormationGate formation;
    private final ProvenIncarnation proven;
    private final RaftVolume volume;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("raft-retries").daemon().factory());
    private volatile @Nullable Running running;
    private volatile Consumer<PeerMessage> hearer = message -> {};
    private volatile boolean stopping;
    private volatile boolean caughtUp;

    /** Whether the state is of this node's recovery epoch: before that it gives out numbers of the one before. */
    private volatile boolean epochReached;

    /** What exists while the server runs. */
    private record Running(
            RaftServer server, RaftServer.Division division, BatchSender sender, GroupCommit commit, PeerLink link) {}

    /** @param tls what it talks to other nodes over; empty: plain text */
    public RaftNode(NodeIdentity identity, NodeSettings settings, Optional<ReloadingTls> tls, ProcessEnd processEnd) {
        this.tls = tls;
        this.processEnd = processEnd;
        this.identity = identity;
        this.settings = settings;
        this.holder = new StateHolder(new MembershipState(identity.clusterId()));
        this.groupId = RaftGroupId.valueOf(identity.groupId());
        this.peerId = RaftPeerId.valueOf(identity.self().peerId());
        this.view = new DivisionView(identity);
        this.formation = new FormationGate(identity.dataDirectory(), identity.minimumPeers());
        this.proven = new ProvenIncarnation(identity.dataDirectory());
        this.volume = new RaftVolume(identity, RaftSettings.storage(identity));
        this.epochReached = identity.recoveryEpoch() == 0;
    }

    /** Starts the server; ends the process where the volume is not what it should be. */
    public void start() {
        try {
            volume.beforeStart();
            startServer();
            volume.afterStart();
        } catch (IdentityException e) {
            processEnd.end(Main.EXIT_CONFIGURATION, String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            processEnd.end(
                    Main.EXIT_STORAGE,
                    StartFailure.explain(
                            e, RaftSettings.storage(identity), identity.self().nodeId()));
        }
    }

    private void startServer() throws IOException {
        RaftGroup group = RaftGroup.valueOf(
                groupId,
                identity.cluster().nodes().stream().map(PeerNames::peer).toList());
        RaftServer server = RaftServer.newBuilder()
                .setServerId(peerId)
                .setGroup(group)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setProperties(RaftSettings.server(identity, settings))
                .setParameters(RaftTls.parameters(tls))
                .setStateMachineRegistry(id -> new MembershipStateMachine(
                        identity.clusterId(),
                        identity.self().nodeId(),
                        holder,
                        new Events(),
                        System::currentTimeMillis))
                .build();
        server.start();
        // a snapshot may be of it already
        epochReached = holder.read(MembershipState::recoveryEpoch) >= identity.recoveryEpoch();
        RaftServer.Division division = server.getDivision(groupId);
        RaftClient client = RaftClient.newBuilder()
                .setProperties(RaftSettings.client(settings.requestTimeout()))
                .setParameters(RaftTls.parameters(tls))
                .setRaftGroup(RaftGroup.valueOf(groupId, PeerNames.peer(identity.self())))
                .setRetryPolicy(RetryPolicies.noRetry())
                .build();
        Reconnection reconnection = new Reconnection(client);
        BatchSender sender = new BatchSender(server, division, client, reconnection, scheduler);
        GroupCommit commit = new GroupCommit(
                new SecureRandom().nextLong(),
                settings.queueCapacity(),
                settings.requestTimeout().toNanos(),
                sender::send,
                holder::whenApplied);
        commit.start();
        PeerLink link = new PeerLink(division, client, reconnection, message -> hearer.accept(message));
        running = new Running(server, division, sender, commit, link);
        catchUp(commit);
        var _ = scheduler.scheduleWithFixedDelay(this::note, PROVEN_MILLIS, PROVEN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void note() {
        proven.note(holder.read(MembershipState::lastIncarnation));
        division().ifPresent(this::noteReached);
    }

    /** Ratis holds no entry for agreed on that it has not flushed, here too. */
    private void noteReached(RaftServer.Division division) {
        try {
            RaftStorageMetadata vote =
                    division.getRaftStorage().getMetadataFile().getMetadata();
            volume.note(
                    division.getRaftLog().getLastCommittedIndex(),
                    vote.getTerm(),
                    vote.getVotedFor().toString());
        } catch (IOException | IllegalStateException e) {
            LOG.debug("what was reached is not known now", e);
        }
    }

    /** What this node knew when it ended may be old: until it has applied what the others know it is not ready. */
    private void catchUp(GroupCommit commit) {
        var _ = commit.barrier().thenCompose(_ -> reachEpoch(commit)).whenComplete((_, failure) -> {
            if (failure == null && epochReached) {
                caughtUp = true;
            } else if (!stopping) {
                try {
                    var _ = scheduler.schedule(() -> catchUp(commit), CATCH_UP_MILLIS, TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException e) {
                    LOG.debug("this node stops before it has caught up", e);
                }
            }
        });
    }

    /** The survivor tells the others, by the log, that the cluster was recovered. */
    private CompletableFuture<?> reachEpoch(GroupCommit commit) {
        epochReached = holder.read(MembershipState::recoveryEpoch) >= identity.recoveryEpoch();
        if (epochReached || identity.ownRecovery().isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Recovery own = identity.ownRecovery().get();
        return commit.submit(new Request(
                        Optional.empty(), new Command.Recover(own.recoveryEpoch(), own.provenIncarnation())))
                .thenCompose(_ -> commit.barrier())
                .thenAccept(_ -> epochReached = true);
    }

    private final class Events implements MembershipStateMachine.Events {
        @Override
        public void broken(String what, @Nullable Throwable cause) {
            if (!stopping) {
                LOG.error("{}; this node ends and has to be started again", what, cause);
                processEnd.end(Main.EXIT_BROKEN, what + (cause == null ? "" : ": " + root(cause)));
            }
        }

        @Override
        public void closed() {
            // one that did not start says why by itself
            if (running != null) {
                broken("the Raft division closed", null);
            }
        }

        @Override
        public void snapshotWanted() {
            takeSnapshot();
        }

        @Override
        public void told(PeerMessage message) {
            hearer.accept(message);
        }

        @Override
        public void configurationHas(int peers) {
            formation.see(peers);
        }

        @Override
        public void leaderIs(RaftPeerId leader) {
            Running now = running;
            if (now != null) {
                now.sender.leaderIs(leader);
            }
        }
    }

    /** What people have to mend, a full disk for example, is at the bottom of what Ratis reports. */
    private static Throwable root(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : root(cause);
    }

    private void takeSnapshot() {
        Running now = running;
        if (now == null) {
            return;
        }
        SnapshotManagementRequest request = SnapshotManagementRequest.newCreate(
                ClientId.randomId(), peerId, groupId, CallId.getAndIncrement(), SNAPSHOT_TIMEOUT_MILLIS, 1);
        // Ratis answers when the thread that applies has taken it: not to be waited for on that thread
        scheduler.execute(() -> {
            var _ = now.server.snapshotManagementAsync(request).whenComplete((reply, failure) -> {
                if (failure != null || !reply.isSuccess()) {
                    LOG.warn("no snapshot was taken: {}", failure == null ? reply : failure.toString());
                }
            });
        });
    }

    /** Moves leadership to another node where this one has it, and stops. What waits is refused. */
    public void stop(Duration limit) {
        stopping = true;
        Running now = running;
        if (now == null) {
            return;
        }
        now.commit.close();
        if (now.division.getInfo().isLeader()) {
            LeadershipTransfer.away(now.server, now.division, limit);
        }
        noteReached(now.division);
        try {
            now.sender.close();
            now.server.close();
        } catch (IOException e) {
            LOG.warn("the Raft server did not close cleanly: {}", e.toString());
        }
        scheduler.shutdownNow();
        try {
            if (!scheduler.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a retry is still running");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- as a replica

    @Override
    public CompletableFuture<Result> submit(Request request) {
        Running now = running;
        return now == null ? notStarted() : now.commit.submit(request);
    }

    @Override
    public CompletableFuture<Void> barrier() {
        Running now = running;
        return now == null ? notStarted() : now.commit.barrier();
    }

    private static <T> CompletableFuture<T> notStarted() {
        return CompletableFuture.failedFuture(new UnavailableException("this node is starting", false));
    }

    @Override
    public <T> T read(Function<MembershipState, T> reader) {
        return holder.read(reader);
    }

    @Override
    public void addListener(StateListener listener) {
        holder.addListener(listener);
    }

    @Override
    public RaftStatus status() {
        Running now = running;
        return now == null ? view.starting() : view.of(now.division, caughtUp);
    }

    @Override
    public boolean servesClients() {
        return formation.isOpen() && epochReached;
    }

    /** This node as a peer of the configuration, whether or not it is in it. */
    public RaftState.Peer self() {
        return PeerNames.peer(PeerNames.peer(identity.self()));
    }

    /** How long this node, as the leader, has not heard of each follower, by nodeId; empty where it does not lead. */
    Map<String, DivisionView.Follower> knownFollowers() {
        return division().map(DivisionView::knownFollowers).orElse(Map.of());
    }

    /** The index up to which the log is agreed on, as far as this node knows; -1 before it takes part. */
    public long commitIndex() {
        return division().map(here -> here.getRaftLog().getLastCommittedIndex()).orElse(-1L);
    }

    /** The nodes that the log goes to, by nodeId. */
    public Set<String> configuredNodes() {
        return division()
                .map(here -> here.getRaftConf().getAllPeers().stream()
                        .map(peer -> PeerNames.nodeId(peer.getId()))
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    // ---- messages

    /** Who hears what other nodes tell this one; to be set before the start. Called on any thread, must return at once. */
    public void onMessage(Consumer<PeerMessage> newHearer) {
        hearer = newHearer;
    }

    /** The way to the other nodes, beside the log; empty before the start. */
    Optional<PeerLink> link() {
        return Optional.ofNullable(running).map(Running::link);
    }

    /** Tells whoever leads, if anybody does, perhaps in vain. */
    public void tellLeader(PeerMessage message) {
        link().ifPresent(link -> link.tellLeader(message));
    }

    public void tellOthers(PeerMessage message) {
        link().ifPresent(link -> link.tellOthers(message));
    }

    public void tell(String toNodeId, PeerMessage message) {
        link().ifPresent(link -> link.tell(toNodeId, message));
    }

    /**
     * Ends this node, which goes on as the only peer of its cluster when it is started again. For when the others are
     * gone for good: the caller has made sure of that.
     *
     * @throws RefusedException where a node leads, or comes to lead in the next three seconds
     * @throws IOException where that could not be written to the volume; the node ends then, too
     */
    synchronized RaftState recover(long recoveryEpoch) throws IOException, InterruptedException {
        Running now = running;
        Volume own = identity.volume().orElseThrow();
        if (now == null || stopping) {
            throw new UnavailableException("this node is starting or ends", false);
        }
        for (int looks = 0; looks < LOOKS_FOR_A_LEADER; looks++) {
            Optional<String> leader = status().leaderNodeId();
            if (leader.isPresent()) {
                throw new RefusedException(leader.get() + " leads, so a majority takes part");
            }
            Thread.sleep(CATCH_UP_MILLIS);
        }
        stopping = true;
        RaftState state = status().state();
        try {
            now.commit.close();
            // nobody leads, so nobody appends
            long lastIndex = now.division.getRaftLog().getNextIndex() - 1;
            now.server.close();
            long provenIncarnation = Math.max(proven.highest(), holder.read(MembershipState::lastIncarnation));
            own.recover(new Recovery(recoveryEpoch, lastIndex, provenIncarnation), identity.dataDirectory());
            return state;
        } finally {
            CompletableFuture.delayedExecutor(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> processEnd.end(
                            Main.EXIT_BROKEN,
                            "this node ends, to go on alone at recovery epoch " + recoveryEpoch + ": start it again"));
        }
    }

    // ---- for the rest of this package

    Optional<RaftServer> server() {
        return Optional.ofNullable(running).map(Running::server);
    }

    Optional<RaftServer.Division> division() {
        return Optional.ofNullable(running).map(Running::division);
    }

    /** What group commit has done; empty before the start. */
    public Optional<CommitFigures> commitFigures() {
        return Optional.ofNullable(running).map(now -> now.commit.figures());
    }

    /**
     * How much this node has sent to the log since it started, and how much waits.
     *
     * @param batches log entries sent, empty ones for reads among them
     * @param requests the requests in them
     * @param queued requests that wait for a batch
     * @param underWay batches that wait for an answer
     */
    public record CommitFigures(long batches, long requests, int queued, int underWay) {}
}
