package io.groupmembership.cli.bench;

import io.groupmembership.cli.http.Connector;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.protocol.api.Member;
import io.groupmembership.protocol.api.View;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Joins at a fixed rate, whether or not the answers keep up, over all servers in turn: what a cluster does while one of
 * its nodes is killed. Time counts from when a join was due. A join that fails goes to the next server with the same
 * idempotency key. In the end the view is held against what was acknowledged.
 */
final class OpenLoop {
    private static final Duration RETRY_LIMIT = Duration.ofSeconds(15);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(20);
    private static final int MOST_IN_FLIGHT = 4_096;

    private final Connector connector;
    private final List<URI> servers;
    private final BenchGroup group;
    private final MemberKeys keys;
    private final Map<URI, Queue<BenchConnection>> idle = new ConcurrentHashMap<>();
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final Histogram nanos = new ConcurrentHistogram(1_000, 120_000_000_000L, 3);
    private final LongAdder retries = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final AtomicLong lastAnswerNanos = new AtomicLong();
    private final AtomicLong longestGapNanos = new AtomicLong();

    OpenLoop(ServerOptions.Target target, BenchGroup group, MemberKeys keys) {
        this.connector = target.connector();
        this.servers = target.servers();
        this.group = group;
        this.keys = keys;
    }

    /**
     * What the view says about the joins.
     *
     * @param acknowledged joins that were answered with an incarnation
     * @param missing of those, not in the view
     * @param otherIncarnation of those, in the view with another incarnation: applied twice
     * @param unanswered joins that got no answer in time; they may or may not be in the view
     * @param duplicates members that the view has more than once
     */
    record Verdict(int acknowledged, int missing, int otherIncarnation, long unanswered, int duplicates) {
        boolean isGood() {
            return missing == 0 && otherIncarnation == 0 && duplicates == 0;
        }
    }

    /** Sends the joins and waits for the last answer. */
    BenchResult run(int perSecond, Duration measured) throws InterruptedException {
        long joins = perSecond * measured.toSeconds();
        long stepNanos = 1_000_000_000L / perSecond;
        Semaphore inFlight = new Semaphore(MOST_IN_FLIGHT);
        long beganNanos = System.nanoTime();
        lastAnswerNanos.set(beganNanos);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long i = 0; i < joins; i++) {
                long dueNanos = beganNanos + i * stepNanos;
                long early = dueNanos - System.nanoTime();
                if (early > 0) {
                    TimeUnit.NANOSECONDS.sleep(early);
                }
                inFlight.acquire();
                long member = i;
                threads.execute(() -> {
                    try {
                        join(member, dueNanos);
                    } finally {
                        inFlight.release();
                    }
                });
            }
        }
        double seconds = (lastAnswerNanos.get() - beganNanos) / 1e9;
        idle.values().forEach(connections -> connections.forEach(BenchConnection::close));
        return BenchResult.of(
                "joins at " + perSecond + "/s",
                servers.size(),
                acknowledged.size(),
                Math.max(0.001, seconds),
                nanos,
                longestGapNanos.get(),
                retries.sum());
    }

    /** Holds a view, read after the run, against the acknowledged joins. */
    Verdict verify(View view) {
        Map<String, Long> present = new HashMap<>();
        int duplicates = 0;
        for (Member member : view.members()) {
            duplicates += present.put(member.memberId(), member.incarnation()) == null ? 0 : 1;
        }
        int missing = 0;
        int otherIncarnation = 0;
        for (Map.Entry<String, Long> join : acknowledged.entrySet()) {
            Long incarnation = present.get(join.getKey());
            missing += incarnation == null ? 1 : 0;
            otherIncarnation += incarnation != null && !incarnation.equals(join.getValue()) ? 1 : 0;
        }
        return new Verdict(acknowledged.size(), missing, otherIncarnation, lost.sum(), duplicates);
    }

    private void join(long member, long dueNanos) {
        int server = (int) (member % servers.size());
        RequestTemplate template = group.join(servers.get(server));
        byte[] request = template.set(0, member).set(1, member).set(2, member).bytes();
        try {
            while (System.nanoTime() - dueNanos < RETRY_LIMIT.toNanos()) {
                long incarnation = attempt(servers.get(server), request);
                if (incarnation >= 0) {
                    answered(member, incarnation, dueNanos);
                    return;
                }
                retries.increment();
                server = (server + 1) % servers.size();
                TimeUnit.NANOSECONDS.sleep(RETRY_PAUSE.toNanos());
            }
            lost.increment();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answered(long member, long incarnation, long dueNanos) {
        long now = System.nanoTime();
        long gap = now - lastAnswerNanos.getAndAccumulate(now, Math::max);
        longestGapNanos.accumulateAndGet(gap, Math::max);
        acknowledged.put(BenchGroup.memberId(member), incarnation);
        BenchResult.record(nanos, now - dueNanos);
    }

    /** The incarnation, or -1 where this server gave none. */
    private long attempt(URI server, byte[] request) {
        Queue<BenchConnection> connections = idle.computeIfAbsent(server, _ -> new ConcurrentLinkedQueue<>());
        BenchConnection connection = connections.poll();
        try {
            if (connection == null) {
                connection = new BenchConnection(connector, server);
            }
            int status = connection.exchange(request);
            if (status == 201 || status == 200) {
                long incarnation = connection.numberAfter("\"incarnation\":");
                connection.learn(keys);
                connections.add(connection);
                return incarnation;
            }
            connection.close();
        } catch (IOException e) {
            if (connection != null) {
                connection.close();
            }
        }
        return -1;
    }
}
