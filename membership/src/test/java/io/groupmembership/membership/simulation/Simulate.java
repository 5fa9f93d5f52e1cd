package io.groupmembership.membership.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs many seeds, on every core, and says what came of them: {@code --seeds N} from {@code --from S} on, for
 * {@code --minutes M} at most. With {@code --seed S} it tells the story of one.
 */
public final class Simulate {
    private static final int MOST_SHOWN = 20;

    private Simulate() {}

    public static void main(String[] args) throws InterruptedException {
        long seeds = 10_000;
        long from = 0;
        Duration most = Duration.ofMinutes(60);
        for (int i = 0; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            switch (args[i]) {
                case "--seeds" -> seeds = number(args[i], value);
                case "--from" -> from = number(args[i], value);
                case "--minutes" -> most = Duration.ofMinutes(number(args[i], value));
                case "--seed" -> {
                    Simulation.Outcome outcome =
                            Simulation.run(number(args[i], value), Parts.PRODUCTION, System.out::println);
                    System.out.println(outcome.violation().orElse("no violation"));
                    System.exit(outcome.violation().isPresent() ? 1 : 0);
                }
                default -> {
                    System.err.println("error: " + args[i] + ": there are --seeds, --from, --minutes and --seed");
                    System.exit(2);
                }
            }
        }
        System.exit(run(from, seeds, most) ? 0 : 1);
    }

    private static long number(String option, String value) {
        try {
            return Math.abs(Long.parseLong(value));
        } catch (NumberFormatException e) {
            System.err.println("error: " + option + ": " + value + " is no number");
            System.exit(2);
            return 0;
        }
    }

    private static boolean run(long from, long seeds, Duration most) throws InterruptedException {
        AtomicLong next = new AtomicLong(from);
        long begunNanos = System.nanoTime();
        List<Tally> tallies = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Tally tally = new Tally();
            tallies.add(tally);
            threads.add(Thread.ofPlatform().start(() -> {
                for (long seed = next.getAndIncrement();
                        seed < from + seeds && System.nanoTime() - begunNanos < most.toNanos();
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
        all.violations.stream()
                .limit(MOST_SHOWN)
                .forEach(bad -> System.out.println("seed " + bad.seed() + " at " + bad.virtualNanos() / World.MILLI
                        + " ms: " + bad.violation().orElse("")));
        double seconds = (System.nanoTime() - begunNanos) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%,d schedules, %.1f days of virtual time, %,d events in %.0f s: %d violations%n",
                all.runs,
                all.virtualNanos / 86_400e9,
                all.events,
                seconds,
                all.violations.size());
        return all.violations.isEmpty() && all.runs > 0;
    }

    private static final class Tally {
        private final List<Simulation.Outcome> violations = new ArrayList<>();
        private long runs;
        private double virtualNanos;
        private long events;

        void add(Simulation.Outcome outcome) {
            runs++;
            virtualNanos += outcome.virtualNanos();
            events += outcome.events();
            outcome.violation().ifPresent(violation -> violations.add(outcome));
        }

        void add(Tally other) {
            runs += other.runs;
            virtualNanos += other.virtualNanos;
            events += other.events;
            violations.addAll(other.violations);
        }
    }
}
