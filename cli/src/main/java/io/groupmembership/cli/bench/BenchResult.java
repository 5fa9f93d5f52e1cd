package io.groupmembership.cli.bench;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What one run measured.
 *
 * @param name what was done
 * @param clients how many did it at once
 * @param done how many were acknowledged
 * @param seconds over which
 * @param p50Millis of the time from request to answer, and so on
 * @param longestGapMillis the longest time without any answer
 * @param retries requests that were sent again after an error
 */
record BenchResult(
        String name,
        int clients,
        long done,
        double seconds,
        double perSecond,
        double p50Millis,
        double p99Millis,
        double maxMillis,
        double longestGapMillis,
        long retries) {
    /** Latencies from one microsecond to two minutes, to three digits. */
    static Histogram histogram() {
        return new Histogram(1_000, 120_000_000_000L, 3);
    }

    static BenchResult of(
            String name, int clients, long done, double seconds, Histogram nanos, long longestGapNanos, long retries) {
        return new BenchResult(
                name,
                clients,
                done,
                rounded(seconds),
                Math.round(done / seconds),
                millis(nanos.getValueAtPercentile(50)),
                millis(nanos.getValueAtPercentile(99)),
                millis(nanos.getMaxValue()),
                millis(longestGapNanos),
                retries);
    }

    static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(nanos, 1_000, 120_000_000_000L));
    }

    static double millis(long nanos) {
        return rounded(nanos / 1e6);
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    static String text(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    }
}
