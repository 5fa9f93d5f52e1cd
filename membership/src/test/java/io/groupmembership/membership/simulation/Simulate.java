package io.groupmembership.membership.simulation;

import java.time.Duration;
import java.util.Locale;

/**
 * Runs many seeds, on every core, and says what came of them: {@code --seeds N} from {@code --from S} on, for
 * {@code --minutes M} at most. With {@code --seed S} it tells the story of one. What breaks a property is made smaller
 * and printed as Java, to be kept as a test.
 */
public final class Simulate {
    private static final String OPTIONS = "there are --seeds N, --from S, --minutes M and --seed S";
    private static final int MOST_SHRUNK = 3;

    private long seeds = 10_000;
    private boolean seedsGiven;
    private long from;
    private long minutes;
    private long story = -1;

    private Simulate() {}

    public static void main(String[] args) throws InterruptedException {
        Simulate simulate = new Simulate();
        try {
            simulate.read(args);
        } catch (IllegalArgumentException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(2);
        }
        System.exit((simulate.story >= 0 ? simulate.tell() : simulate.run()) ? 0 : 1);
    }

    private void read(String[] args) {
        for (int i = 0; i < args.length; i += 2) {
            String option = args[i];
            switch (option) {
                case "--seeds" -> {
                    seeds = number(args, i, 1);
                    seedsGiven = true;
                }
                case "--from" -> from = number(args, i, 0);
                case "--minutes" -> minutes = number(args, i, 1);
                case "--seed" -> story = number(args, i, 0);
                default -> throw new IllegalArgumentException(option + " is no option: " + OPTIONS);
            }
        }
        if (minutes > 0 && !seedsGiven) {
            seeds = Long.MAX_VALUE - from;
        }
        if (story >= 0 && args.length > 2) {
            throw new IllegalArgumentException("--seed goes with no other option");
        }
    }

    private static long number(String[] args, int at, long least) {
        String value = at + 1 < args.length ? args[at + 1] : "";
        if (!value.matches("\\d{1,18}") || Long.parseLong(value) < least) {
            throw new IllegalArgumentException(
                    args[at] + " wants a whole number from " + least + " on, not '" + value + "'");
        }
        return Long.parseLong(value);
    }

    private boolean tell() {
        Simulation.Outcome outcome = Simulation.run(Plan.of(story), Parts.PRODUCTION, System.out::println);
        System.out.println(outcome.violation().orElse("no violation"));
        shrink(outcome);
        return outcome.violation().isEmpty();
    }

    private boolean run() throws InterruptedException {
        long begunNanos = System.nanoTime();
        Seeds.Tally all = Seeds.run(from, seeds, minutes > 0 ? Duration.ofMinutes(minutes) : Duration.ofDays(365));
        for (Simulation.Outcome bad : all.violations()) {
            System.out.println("seed " + bad.plan().seed() + " at " + bad.virtualNanos() / World.MILLI + " ms: "
                    + bad.violation().orElseThrow());
        }
        all.violations().stream().limit(MOST_SHRUNK).forEach(Simulate::shrink);
        System.out.printf(
                Locale.ROOT,
                "%,d schedules, %.1f days of virtual time, %,d events, %,d crashes found, %,d live members removed under"
                        + " faults, in %.0f s: %d violations%n",
                all.runs(),
                all.virtualNanos() / 86_400e9,
                all.events(),
                all.removals(),
                all.falseRemovals(),
                (System.nanoTime() - begunNanos) / 1e9,
                all.violations().size());
        return all.violations().isEmpty() && all.runs() > 0;
    }

    private static void shrink(Simulation.Outcome outcome) {
        if (outcome.violation().isPresent()) {
            Simulation.Outcome smallest = Shrinker.shrink(outcome, Parts.PRODUCTION);
            System.out.println("seed " + outcome.plan().seed() + ", shrunk from "
                    + outcome.plan().faults().size() + " faults to "
                    + smallest.plan().faults().size() + ": "
                    + smallest.violation().orElseThrow());
            System.out.println(smallest.plan().toJava());
        }
    }
}
