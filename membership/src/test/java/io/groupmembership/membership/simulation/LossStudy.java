package io.groupmembership.membership.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What datagrams that get lost do to members that live: how often one is removed, fenced, or given to another monitor,
 * for 100,000 members and a day at 5 s x 3. Beside it the rule of one ping an interval and three misses in a row.
 *
 * <p>{@code [million rounds for each loss]}, 100 if nothing is said.
 */
final class LossStudy {
    private static final double ROUNDS_OF_A_DAY = 100_000 * (86_400 / 5.0);
    private static final double[] LOSSES = {0, 0.01, 0.05, 0.10};
    private static final int SLICES = 16;

    private LossStudy() {}

    /** What was counted in so many rounds. */
    record Counts(long rounds, long removals, long handOvers, long fencings, double fencedSeconds, long plainRemovals) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

        Counts plus(Counts other) {
            return new Counts(
                    rounds + other.rounds,
                    removals + other.removals,
                    handOvers + other.handOvers,
                    fencings + other.fencings,
                    fencedSeconds + other.fencedSeconds,
                    plainRemovals + other.plainRemovals);
        }

        double ofADay(double count) {
            return count * ROUNDS_OF_A_DAY / rounds;
        }

        /** With 95 percent certainty there are not more of them in a day: exact for none, else Byar's approximation. */
        double atMostOfADay(long count) {
            if (count == 0) {
                return ofADay(3);
            }
            double next = count + 1.0;
            return ofADay(next * Math.pow(1 - 1 / (9 * next) + 1.645 / (3 * Math.sqrt(next)), 3));
        }
    }

    public static void main(String[] args) {
        long rounds = (args.length > 0 ? Long.parseLong(args[0]) : 100) * 1_000_000;
        System.out.println("For 100,000 members and 24 h at 5 s x 3; at most: with 95 % certainty.");
        System.out.println(
                "| loss each way | rounds | removed | at most | removed by the plain rule | fenced | seconds fenced"
                        + " | handed over | acks not repeated: removed | fenced |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (double loss : LOSSES) {
            System.out.println(row(loss, study(loss, rounds, true), study(loss, rounds, false)));
        }
    }

    private static String row(double loss, Counts counts, Counts unrepeated) {
        return String.format(
                Locale.ROOT,
                "| %.0f %% | %,d | %.1f | %.1f | %,.0f | %,.0f | %,.0f | %,.0f | %.1f | %,.1f |",
                loss * 100,
                counts.rounds(),
                counts.ofADay((double) counts.removals()),
                counts.atMostOfADay(counts.removals()),
                counts.ofADay((double) counts.plainRemovals()),
                counts.ofADay((double) counts.fencings()),
                counts.ofADay(counts.fencedSeconds()),
                counts.ofADay((double) counts.handOvers()),
                unrepeated.ofADay((double) unrepeated.removals()),
                unrepeated.ofADay((double) unrepeated.fencings()));
    }

    /** @param repeats whether a member repeats an ack that is not confirmed */
    static Counts study(double loss, long rounds, boolean repeats) {
        List<Counts> slices = new ArrayList<>(IntStream.range(0, SLICES)
                .parallel()
                .mapToObj(slice -> new LossyMember(loss, repeats, slice).live(rounds / SLICES))
                .toList());
        slices.add(plain(loss, rounds));
        return slices.stream().reduce(Counts.NONE, Counts::plus);
    }

    /** One ping an interval, and whoever leaves three in a row unanswered is removed. */
    private static Counts plain(double loss, long rounds) {
        SplittableRandom random = new SplittableRandom(1);
        long removals = 0;
        int missed = 0;
        for (long round = 0; round < rounds; round++) {
            double luck = random.nextDouble();
            boolean acked = luck >= loss && random.nextDouble() >= loss;
            missed = acked ? 0 : missed + 1;
            if (missed == 3) {
                removals++;
                missed = 0;
            }
        }
        return new Counts(0, 0, 0, 0, 0, removals);
    }
}
