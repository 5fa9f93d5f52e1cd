package io.groupmembership.e2e.chaos;

import io.groupmembership.e2e.chaos.Caller.Outcome;
import io.groupmembership.e2e.client.Nodes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Writes keys at a steady rate, and knows when each write was acknowledged. One that is not is sent again, to any node,
 * until it is.
 */
final class WriteStream {
    private static final int WRITERS = 50;
    private static final List<String> OCTETS = List.of("Content-Type", "application/octet-stream");

    private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final List<Thread> writers = new ArrayList<>();
    private volatile boolean stopping;

    WriteStream(Nodes nodes, int writesPerSecond) {
        SplittableRandom random = new SplittableRandom();
        long periodNanos = TimeUnit.SECONDS.toNanos(WRITERS) / writesPerSecond;
        for (int i = 0; i < WRITERS; i++) {
            Caller caller = new Caller(nodes::apis, random.split());
            String path = "/v1/namespaces/default/kv/stream/" + i;
            long firstNanos = System.nanoTime() + periodNanos * i / WRITERS;
            writers.add(
                    Thread.ofVirtual().name("writer " + i).start(() -> write(caller, path, firstNanos, periodNanos)));
        }
    }

    private void write(Caller caller, String path, long firstNanos, long periodNanos) {
        long dueNanos = firstNanos;
        try {
            for (long number = 1; !stopping; number++) {
                TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
                byte[] value = Long.toString(number).getBytes(StandardCharsets.UTF_8);
                if (caller.persist("PUT", path, value, OCTETS) instanceof Outcome.Answered answer) {
                    KeyClient.expect(answer, 200, 201);
                    acknowledged.add(System.nanoTime());
                } else {
                    surprises.add(path + " has no answer");
                }
                dueNanos = Math.max(dueNanos + periodNanos, System.nanoTime());
            }
        } catch (RuntimeException e) {
            surprises.add(path + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The longest time between two acknowledgements since then. */
    Duration longestGapSince(long beginNanos) {
        long longest = 0;
        long last = beginNanos;
        for (long nanos : acknowledged.stream()
                .filter(nanos -> nanos - beginNanos >= 0)
                .sorted()
                .toList()) {
            longest = Math.max(longest, nanos - last);
            last = nanos;
        }
        return Duration.ofNanos(Math.max(longest, System.nanoTime() - last));
    }

    int acknowledged() {
        return acknowledged.size();
    }

    /** What no write should have been answered. */
    List<String> surprises() {
        return List.copyOf(surprises);
    }

    void stop() throws InterruptedException {
        stopping = true;
        for (Thread writer : writers) {
            if (!writer.join(Nodes.LIMIT)) {
                throw new IllegalStateException(writer.getName() + " does not end");
            }
        }
    }
}
