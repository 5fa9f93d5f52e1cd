package io.groupmembership.node.metrics;

import io.groupmembership.node.raft.RaftNode;
import io.groupmembership.node.raft.RaftNode.CommitFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** The figures of group commit; zero until the Raft server runs. */
@Singleton
class CommitMetrics implements MeterBinder {
    private final RaftNode raft;

    CommitMetrics(RaftNode raft) {
        this.raft = raft;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("gm.commit.batches", raft, from -> read(from, CommitFigures::batches))
                .description("Log entries that this node sent, empty ones for reads among them")
                .register(registry);
        FunctionCounter.builder("gm.commit.requests", raft, from -> read(from, CommitFigures::requests))
                .description("Requests in them")
                .register(registry);
        Gauge.builder("gm.commit.queued", raft, from -> read(from, CommitFigures::queued))
                .description("Requests that wait for a place in a batch")
                .register(registry);
        Gauge.builder("gm.commit.under.way", raft, from -> read(from, CommitFigures::underWay))
                .description("Batches that wait for an answer")
                .register(registry);
    }

    private static double read(RaftNode raft, ToDoubleFunction<CommitFigures> figure) {
        return raft.commitFigures().map(figure::applyAsDouble).orElse(0.0);
    }
}
