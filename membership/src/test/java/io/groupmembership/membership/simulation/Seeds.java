package io.groupmembership.membership.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Runs many seeds of the rules of production on every core. */
final class Seeds {
    private Seeds() {}

    /** What they came to; the violations in the order of their seeds. */
    static Tally run(long from, long count, Duration most) throws InterruptedException {
        AtomicLong next = new AtomicLong(from);
        long begunNanos = System.nanoTime();
        List<Tally> tallies = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Tally tally = new Tally();
            tallies.add(tally);
            threads.add(Thread.ofPlatform().start(() -> {
                for (long seed = next.getAndIncrement();
                        seed < from + count && System.nanoTime() - begunNanos < most.toNanos();
                        seed = next.getAndIncrement()) {
                    tally.add(Simulation.run(seed, Parts.PRODUCTION));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Tally all = new Tally();
        tallies.forEach(all::add);
        all.violations.sort(Comparator.comparingLong(bad -> bad.plan().seed()));
        return all;
    }

    /** Sums over runs. */
    static final class Tally {
        private final List<Simulation.Outcome> violations = new ArrayList<>();
        private long runs;
        private double virtualNanos;
        private long events;
        private long removals;
        private long falseRemovals;

        private void add(Simulation.Outcome outcome) {
            runs++;
            virtualNanos += outcome.virtualNanos();
            events += outcome.events();
            removals += outcome.removals();
            falseRemovals += outcome.falseRemovals();
            if (outcome.violation().isPresent()) {
                violations.add(outcome);
            }
        }

        private void add(Tally other) {
            runs += other.runs;
            virtualNanos += other.virtualNanos;
            events += other.events;
            removals += other.removals;
            falseRemovals += other.falseRemovals;
            violations.addAll(other.violations);
        }

        List<Simulation.Outcome> violations() {
            return violations;
        }

        long runs() {
            return runs;
        }

        double virtualNanos() {
            return virtualNanos;
        }

        long events() {
            return events;
        }

        long removals() {
            return removals;
        }

        long falseRemovals() {
            return falseRemovals;
        }
    }
}
