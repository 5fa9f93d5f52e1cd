package io.groupmembership.node.raft;

import io.groupmembership.node.NodeSettings;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.protocol.cluster.ClusterFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * How Ratis is set up. Where a setting differs from Ratis's default, its comment says what the default costs; {@code
 * docs/architecture.md} lists them with the tests that show it.
 */
final class RaftSettings {
    /** The largest log entry: a batch of joins as large as a request's body may be, and its stamp. */
    static final SizeInBytes ENTRY_MAX = SizeInBytes.valueOf("8MB");

    /** The log is snapshotted after this much, even when its entries are few. */
    static final long SNAPSHOT_BYTES = 64L * 1024 * 1024;

    private RaftSettings() {}

    static Path storage(NodeIdentity identity) {
        return identity.dataDirectory().resolve("raft");
    }

    static RaftProperties server(NodeIdentity identity, NodeSettings settings) {
        RaftProperties properties = new RaftProperties();
        ports(properties, identity.bind(), identity.self());
        timing(properties, settings);
        log(properties);
        snapshots(properties, settings);
        // the default is the temporary directory
        RaftServerConfigKeys.setStorageDir(properties, List.of(storage(identity).toFile()));
        return properties;
    }

    /** Peers, clients and administrators each have a port of their own, and only the addresses that they are told. */
    private static void ports(RaftProperties properties, String bind, ClusterFile.Node self) {
        RaftConfigKeys.Rpc.setType(properties, new PromptGrpc());
        GrpcConfigKeys.Server.setHost(properties, bind);
        GrpcConfigKeys.Server.setPort(properties, self.peerPort());
        GrpcConfigKeys.Client.setHost(properties, bind);
        GrpcConfigKeys.Client.setPort(properties, self.clientPort());
        GrpcConfigKeys.Admin.setHost(properties, bind);
        GrpcConfigKeys.Admin.setPort(properties, self.raftAdminPort());
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(2 * ENTRY_MAX.getSize()));
    }

    private static void timing(RaftProperties properties, NodeSettings settings) {
        TimeDuration least = of(settings.electionTimeout());
        TimeDuration most = of(settings.electionTimeout().multipliedBy(2));
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, least);
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, most);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(
                properties, TimeDuration.valueOf(50, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
                properties, TimeDuration.valueOf(300, TimeUnit.MILLISECONDS));
        // by default a leader that lost its majority goes on for 10 s before it tells its clients
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
                properties, TimeDuration.valueOf(1, TimeUnit.SECONDS));
        // by default a process that was paused for a minute closes its server for ever
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(1, TimeUnit.HOURS));
        // a joiner has to fetch a snapshot first
        RaftServerConfigKeys.setStagingTimeout(properties, TimeDuration.valueOf(60, TimeUnit.SECONDS));
        // a peer that comes back under another address is looked up again at once, and not after half a minute
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "1ms,10, 100ms,50, 1s,100000");
        // batches are recognised by the replicated state; replies kept for a minute would only fill the heap
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(1, TimeUnit.SECONDS));
    }

    private static void log(RaftProperties properties) {
        // where it is on, a follower whose log refused one append, as two streams of a leader sent the same, refuses
        // all after it
        RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, false);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("32MB"));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("4MB"));
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf("9MB"));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, ENTRY_MAX);
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("32MB"));
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf("64MB"));
        RaftServerConfigKeys.Log.setQueueByteLimit(properties, SizeInBytes.valueOf("64MB"));
        // by default every advance of the commit index is an entry of its own: twice the entries for a faster restart
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        // damage is an error, never something to skip over
        RaftServerConfigKeys.Log.setCorruptionPolicy(properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    }

    /** All of this is off by default. */
    private static void snapshots(RaftProperties properties, NodeSettings settings) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, settings.snapshotEntries());
        RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
        // else one peer that is down keeps every log entry of all the others
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        // a follower that was away for a moment catches up by entries
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, 1_000);
    }

    /** For the client that carries batches to the leader. */
    static RaftProperties client(Duration requestTimeout) {
        RaftProperties properties = new RaftProperties();
        RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
        RaftClientConfigKeys.Rpc.setRequestTimeout(properties, of(requestTimeout));
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(2 * ENTRY_MAX.getSize()));
        return properties;
    }

    private static TimeDuration of(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
