package io.groupmembership.node;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.node.duty.MonitorDuty;
import io.groupmembership.node.duty.PeerTalk;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.liveness.LeaderDuty;
import io.groupmembership.node.monitor.HeartbeatDetector;
import io.groupmembership.node.monitor.MemberKeys;
import io.groupmembership.node.monitor.ProbeNetworks;
import io.groupmembership.node.raft.RaftNode;
import io.groupmembership.node.tls.NodeTls;
import io.groupmembership.node.tls.PlainText;
import io.groupmembership.protocol.clock.BootClock;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a node together, starts its parts in order, and stops them in the other. */
@ApplicationScoped
public class NodeProcess {
    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);

    /** After everything that listens to the state has registered. */
    private static final int LAST = 10_000;

    private static final BootClock CLOCK = BootClock.system();
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(1);

    private final NodeIdentity identity;
    private final RaftNode raft;
    private final ClusterTiming timing;
    private final MemberKeys keys;
    private final NodeTls tls;
    private final NodeSettings settings;
    private final ProbeNetworks networks;
    private @Nullable HeartbeatDetector detector;
    private @Nullable LeaderDuty leaderDuty;
    private @Nullable PeerTalk talk;

    @Inject
    public NodeProcess(
            NodeIdentity identity,
            RaftNode raft,
            ClusterTiming timing,
            MemberKeys keys,
            NodeTls tls,
            NodeSettings settings,
            ProbeNetworks networks) {
        this.networks = networks;
        this.identity = identity;
        this.raft = raft;
        this.timing = timing;
        this.keys = keys;
        this.tls = tls;
        this.settings = settings;
    }

    void start(@Observes @Priority(LAST) StartupEvent event) throws IOException {
        PlainText.warning(tls.isOn(), identity.bind(), settings.insecure()).ifPresent(LOG::warn);
        String nodeId = identity.self().nodeId();
        LeaderDuty leading = new LeaderDuty(raft, self(), timing, CLOCK::nanos);
        PeerTalk talking = new PeerTalk(nodeId, new SecureRandom().nextLong(), raft, leading);
        leaderDuty = leading;
        talk = talking;
        raft.onMessage(talking::hear);
        HeartbeatDetector opened = HeartbeatDetector.open(
                new InetSocketAddress(identity.bind(), identity.self().udpPort()),
                talking,
                new HeartbeatDetector.Setting(nodeId, timing, keys, CLOCK::nanos, networks));
        detector = opened;
        talking.setDetector(opened);
        raft.addListener(new MonitorDuty(nodeId, raft, opened));
        raft.start();
        leading.start();
        LOG.info(
                "{} of cluster {} serves {}, leases by {}",
                identity.self().peerId(),
                identity.cluster().name(),
                httpAddress(),
                CLOCK.source().word());
    }

    private Command.NodeUp self() {
        String nodeId = identity.self().nodeId();
        return new Command.NodeUp(
                nodeId,
                httpAddress(),
                identity.udpAddress(),
                NodeRecord.hashKey(nodeId, httpAddress(), identity.cluster().name()));
    }

    private String httpAddress() {
        return identity.httpAddress(tls.isOn());
    }

    void stop(@Observes ShutdownEvent event) {
        if (detector != null) {
            detector.stopBeating();
        }
        if (leaderDuty != null) {
            leaderDuty.leave(LEAVE_LIMIT);
        }
        raft.stop(LEAVE_LIMIT);
        if (detector != null) {
            detector.close();
        }
        if (talk != null) {
            talk.close();
        }
    }

    /** The detector, once the node has started. */
    public @Nullable HeartbeatDetector detector() {
        return detector;
    }
}
