package io.groupmembership.cli.bench;

import io.groupmembership.cli.http.Connector;
import io.groupmembership.cli.http.ServerOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Clients that each send a request, wait for its answer, and send the next, every one over its own connection that is
 * kept alive. A request that fails is sent again to the next server, the same bytes with the same idempotency key.
 */
final class ClosedLoop {
    /** What one client does; it has its own template. */
    interface Work {
        /** The next request; null where there is none left. */
        byte @Nullable [] next();

        /** How many things the answer acknowledged; 0 where it is no success. */
        int acknowledged(int status, BenchConnection connection);
    }

    /** Makes the work of one client. */
    interface WorkFactory {
        Work work(URI server);
    }

    private static final Duration RETRY_LIMIT = Duration.ofSeconds(15);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(20);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);

    private final Connector connector;
    private final List<URI> servers;
    private final int clients;
    private final Histogram nanos = new ConcurrentHistogram(1_000, 120_000_000_000L, 3);
    private final LongAdder done = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final AtomicLong lastAnswerNanos = new AtomicLong();
    private final AtomicLong longestGapNanos = new AtomicLong();
    private final AtomicLong lastDoneNanos = new AtomicLong();
    private volatile long recordFromNanos;
    private volatile long stopAtNanos;

    ClosedLoop(ServerOptions.Target target, int clients) {
        this.connector = target.connector();
        this.servers = target.servers();
        this.clients = clients;
    }

    /** Requests that no server answered in time. */
    long lost() {
        return lost.sum();
    }

    /** Runs until the time is over or the work is done. */
    BenchResult run(String name, Duration warmUp, Duration measured, WorkFactory factory) throws InterruptedException {
        long beganNanos = System.nanoTime();
        recordFromNanos = beganNanos + warmUp.toNanos();
        stopAtNanos = recordFromNanos + measured.toNanos();
        lastAnswerNanos.set(recordFromNanos);
        lastDoneNanos.set(recordFromNanos);
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (int client = 0; client < clients; client++) {
                int first = client % servers.size();
                threads.execute(() -> client(first, factory.work(servers.get(first))));
            }
            threads.shutdown();
            Duration limit = warmUp.plus(measured).plus(END_LIMIT);
            if (!threads.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        }
        double seconds = Math.max(1, lastDoneNanos.get() - recordFromNanos) / 1e9;
        return BenchResult.of(name, clients, done.sum(), seconds, nanos, longestGapNanos.get(), retries.sum());
    }

    private void client(int firstServer, Work work) {
        int server = firstServer;
        BenchConnection connection = null;
        try {
            byte[] request = work.next();
            while (request != null && System.nanoTime() - stopAtNanos < 0) {
                long sentNanos = System.nanoTime();
                int acknowledged = 0;
                while (acknowledged == 0 && System.nanoTime() - sentNanos < RETRY_LIMIT.toNanos()) {
                    try {
                        if (connection == null) {
                            connection = new BenchConnection(connector, servers.get(server));
                        }
                        acknowledged = work.acknowledged(connection.exchange(request), connection);
                    } catch (IOException e) {
                        acknowledged = 0;
                    }
                    if (acknowledged == 0) {
                        retries.increment();
                        if (connection != null) {
                            connection.close();
                        }
                        connection = null;
                        server = (server + 1) % servers.size();
                        TimeUnit.NANOSECONDS.sleep(RETRY_PAUSE.toNanos());
                    }
                }
                answered(sentNanos, acknowledged);
                request = work.next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (connection != null) {
                connection.close();
            }
        }
    }

    private void answered(long sentNanos, int acknowledged) {
        long now = System.nanoTime();
        if (acknowledged == 0) {
            lost.increment();
            return;
        }
        if (sentNanos - recordFromNanos < 0) {
            return;
        }
        long gap = now - lastAnswerNanos.getAndSet(now);
        if (gap > longestGapNanos.get()) {
            longestGapNanos.accumulateAndGet(gap, Math::max);
        }
        lastDoneNanos.lazySet(now);
        BenchResult.record(nanos, now - sentNanos);
        done.add(acknowledged);
    }
}
