package io.groupmembership.node.metrics;

import io.groupmembership.node.NodeProcess;
import io.groupmembership.node.monitor.HeartbeatDetector;
import io.groupmembership.node.monitor.MonitorStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** The figures of the failure detector; zero until it runs. */
@Singleton
class HeartbeatMetrics implements MeterBinder {
    private final NodeProcess node;

    HeartbeatMetrics(NodeProcess node) {
        this.node = node;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "gm.heartbeat.pings", "Pings, connects and requests sent", MonitorStats::pingsSent);
        counter(registry, "gm.heartbeat.acks", "Valid answers", MonitorStats::acksReceived);
        counter(registry, "gm.heartbeat.misses", "Pings that a member left unanswered", MonitorStats::misses);
        counter(registry, "gm.heartbeat.reports", "Times that a member was reported silent", MonitorStats::reports);
        counter(registry, "gm.heartbeat.malformed", "Datagrams that are no acks of ours", MonitorStats::malformed);
        counter(registry, "gm.heartbeat.forged", "Datagrams with a wrong seal", MonitorStats::forged);
        counter(registry, "gm.heartbeat.strays", "Acks of nobody, or out of order", MonitorStats::strayAcks);
        counter(registry, "gm.heartbeat.confirmations", "Acks that were confirmed", MonitorStats::confirmations);
        counter(registry, "gm.heartbeat.probes", "Pings for other nodes", MonitorStats::probesSent);
        counter(registry, "gm.heartbeat.late", "Pings excused because this node was late", MonitorStats::lateTicks);
        gauge(registry, "gm.heartbeat.tcp.members", "Agents that are heard of over TCP", MonitorStats::carriedByTcp);
        gauge(registry, "gm.heartbeat.tcp.connections", "Connections for heartbeats", MonitorStats::openLines);
        Gauge.builder("gm.heartbeat.lag", node, from -> read(from, MonitorStats::maxLoopLagMillis) / 1_000)
                .description("The longest delay of a ping lately")
                .baseUnit("seconds")
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<MonitorStats> figure) {
        FunctionCounter.builder(name, node, from -> read(from, figure))
                .description(description)
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<MonitorStats> figure) {
        Gauge.builder(name, node, from -> read(from, figure))
                .description(description)
                .register(registry);
    }

    private static double read(NodeProcess node, ToDoubleFunction<MonitorStats> figure) {
        HeartbeatDetector detector = node.detector();
        return detector == null ? 0 : figure.applyAsDouble(detector.stats());
    }
}
