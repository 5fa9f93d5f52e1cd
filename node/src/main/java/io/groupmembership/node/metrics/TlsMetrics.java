package io.groupmembership.node.metrics;

import io.groupmembership.node.tls.NodeTls;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;

/** The figures of this node's certificates; none where it has none. */
@Singleton
class TlsMetrics implements MeterBinder {
    private final NodeTls tls;

    TlsMetrics(NodeTls tls) {
        this.tls = tls;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        tls.reloading().ifPresent(reloading -> bind(registry, reloading));
    }

    private static void bind(MeterRegistry registry, ReloadingTls reloading) {
        Gauge.builder("gm.tls.certificate.expiry", reloading, TlsMetrics::expirySeconds)
                .description("When this node's certificate ends, since 1970")
                .baseUnit("seconds")
                .register(registry);
        FunctionCounter.builder("gm.tls.reload.failures", reloading, ReloadingTls::failures)
                .description("Times that files of certificates were found that could not be used")
                .register(registry);
    }

    private static double expirySeconds(ReloadingTls reloading) {
        return reloading
                .expiry()
                .map(expiry -> (double) expiry.getEpochSecond())
                .orElse(Double.NaN);
    }
}
