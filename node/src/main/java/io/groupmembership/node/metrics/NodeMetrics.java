package io.groupmembership.node.metrics;

import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.node.api.EncodedBodies;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.raft.RaftStatus;
import io.groupmembership.node.raft.Replica;
import io.groupmembership.node.watch.WatchStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/**
 * The figures of the node's state, its streams and its Raft group. They are read when they are asked for.
 *
 * <p>Another room adds its own with a {@link MeterBinder} bean of its own, as this one does: every such bean is bound
 * when the node starts. Tags must come from a small fixed set, never from what clients send.
 */
@Singleton
class NodeMetrics implements MeterBinder {
    private final Replica replica;
    private final NodeIdentity identity;
    private final WatchStats watches;
    private final EncodedBodies bodies;

    NodeMetrics(Replica replica, NodeIdentity identity, WatchStats watches, EncodedBodies bodies) {
        this.replica = replica;
        this.identity = identity;
        this.watches = watches;
        this.bodies = bodies;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        ofState(registry, "gm.groups", "Groups of the cluster", MembershipState::groupCount);
        ofState(registry, "gm.members", "Members of the cluster", MembershipState::memberCount);
        ofState(registry, "gm.members.monitored", "Members that this node monitors", this::monitored);
        ofRaft(
                registry,
                "gm.raft.term",
                "The Raft term",
                status -> status.state().term());
        ofRaft(
                registry,
                "gm.raft.commit.index",
                "The last entry known to be committed",
                status -> status.state().commitIndex());
        ofRaft(
                registry,
                "gm.raft.applied.index",
                "The last entry that is applied",
                status -> status.state().appliedIndex());
        ofRaft(registry, "gm.raft.is.leader", "1 where this node leads", status -> status.isLeader() ? 1 : 0);
        Gauge.builder("gm.watchers", watches, WatchStats::watchers)
                .description("Streams of changes that this node serves")
                .register(registry);
        counter(registry, "gm.watch.events", "Events written to streams", WatchStats::events);
        counter(registry, "gm.watch.resets", "Streams that were told to start anew", WatchStats::resets);
        counter(
                registry,
                "gm.watch.catch.ups",
                "Times that a stream was served from the history",
                WatchStats::catchUps);
        Gauge.builder("gm.answers.encoded", bodies, EncodedBodies::reservedBytes)
                .description("Large answers that are being sent")
                .baseUnit("bytes")
                .register(registry);
    }

    private int monitored(MembershipState state) {
        return state.node(identity.self().nodeId()).map(NodeRecord::members).orElse(0);
    }

    private void ofState(
            MeterRegistry registry, String name, String description, ToDoubleFunction<MembershipState> figure) {
        Gauge.builder(name, replica, from -> from.read(figure::applyAsDouble))
                .description(description)
                .register(registry);
    }

    private void ofRaft(MeterRegistry registry, String name, String description, ToDoubleFunction<RaftStatus> figure) {
        Gauge.builder(name, replica, from -> figure.applyAsDouble(from.status()))
                .description(description)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String description, ToDoubleFunction<WatchStats> figure) {
        FunctionCounter.builder(name, watches, figure).description(description).register(registry);
    }
}
