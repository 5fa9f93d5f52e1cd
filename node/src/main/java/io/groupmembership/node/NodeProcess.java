package io.groupmembership.node;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.node.duty.MonitorDuty;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.liveness.NodeLiveness;
import io.groupmembership.node.monitor.HeartbeatDetector;
import io.groupmembership.node.raft.RaftNode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
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

    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(1);

    private final NodeIdentity identity;
    private final NodeSettings settings;
    private final RaftNode raft;
    private @Nullable HeartbeatDetector detector;
    private @Nullable NodeLiveness liveness;

    @Inject
    public NodeProcess(NodeIdentity identity, NodeSettings settings, RaftNode raft) {
        this.identity = identity;
        this.settings = settings;
        this.raft = raft;
    }

    void start(@Observes @Priority(LAST) StartupEvent event) throws IOException {
        MonitorDuty duty = new MonitorDuty(identity.self().nodeId(), raft);
        HeartbeatDetector opened = HeartbeatDetector.open(
                new InetSocketAddress(identity.bind(), identity.self().udpPort()), duty);
        detector = opened;
        duty.setDetector(opened);
        raft.addListener(duty);
        raft.start();
        NodeLiveness started = new NodeLiveness(raft, self(), settings.nodeTimeout());
        liveness = started;
        started.start();
        LOG.info(
                "{} of cluster {} serves {}",
                identity.self().peerId(),
                identity.cluster().name(),
                identity.httpAddress());
    }

    private Command.NodeUp self() {
        String nodeId = identity.self().nodeId();
        return new Command.NodeUp(
                nodeId,
                identity.httpAddress(),
                identity.udpAddress(),
                NodeRecord.hashKey(
                        nodeId, identity.httpAddress(), identity.cluster().name()));
    }

    void stop(@Observes ShutdownEvent event) {
        if (liveness != null) {
            liveness.leave(LEAVE_LIMIT);
        }
        raft.stop(LEAVE_LIMIT);
        if (detector != null) {
            detector.close();
        }
    }

    /** The detector, once the node has started. */
    public @Nullable HeartbeatDetector detector() {
        return detector;
    }
}
