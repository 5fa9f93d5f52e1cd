package io.groupmembership.operator.group;

import io.groupmembership.operator.injection.ClusterKey;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What can be seen of one cluster's mirror from outside. */
final class MirrorMetrics implements AutoCloseable {
    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();

    MirrorMetrics(MeterRegistry registry, ClusterKey cluster) {
        this.registry = registry;
        this.tags = Tags.of("cluster", cluster.toString());
    }

    /** A write to Kubernetes or to the nodes was tried. */
    void wrote(String kind, boolean succeeded) {
        registry.counter("gm.mirror.writes", tags.and("kind", kind, "outcome", succeeded ? "done" : "failed"))
                .increment();
    }

    /** Writes, and counts that. */
    <T> T counted(String kind, Supplier<T> write) {
        boolean succeeded = false;
        try {
            T result = write.get();
            succeeded = true;
            return result;
        } finally {
            wrote(kind, succeeded);
        }
    }

    void waiting(String kind, IntSupplier count) {
        keep(Gauge.builder("gm.mirror.waiting", count::getAsInt)
                .description("Objects that wait for their turn to be written")
                .tags(tags.and("kind", kind))
                .register(registry));
    }

    void gauge(String name, String description, IntSupplier count) {
        keep(Gauge.builder(name, count::getAsInt)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    void reconnects(LongSupplier count) {
        keep(FunctionCounter.builder("gm.mirror.reconnects", count, LongSupplier::getAsLong)
                .description("Streams of the nodes' events that ended and were asked for again")
                .tags(tags)
                .register(registry));
    }

    private synchronized void keep(Meter meter) {
        meters.add(meter);
    }

    @Override
    public synchronized void close() {
        meters.forEach(registry::remove);
        meters.clear();
    }
}
