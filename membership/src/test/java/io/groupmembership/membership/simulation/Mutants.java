package io.groupmembership.membership.simulation;

import java.util.List;
import java.util.Locale;

/** Prints, for each rule that is broken, how many of so many seeds find it out, and the first ones: {@code [seeds [part of the name]]}. */
final class Mutants {
    private static final int FIRST = 6;

    private Mutants() {}

    public static void main(String[] args) {
        int seeds = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        String name = args.length > 1 ? args[1] : "";
        System.out.printf("| rule that is broken | caught in %d seeds | the first | what it breaks |%n", seeds);
        System.out.println("|---|---|---|---|");
        Mutation.all().stream()
                .filter(mutation -> mutation.name().contains(name))
                .forEach(mutation -> System.out.println(row(mutation, seeds)));
    }

    private static String row(Mutation mutation, int seeds) {
        List<Simulation.Outcome> caught = Plan.seeds(0, seeds)
                .parallel()
                .mapToObj(seed -> Simulation.run(seed, mutation.parts()))
                .filter(outcome -> outcome.violation().isPresent())
                .toList();
        return String.format(
                Locale.ROOT,
                "| %s | %d | %s | %s |",
                mutation,
                caught.size(),
                caught.stream()
                        .limit(FIRST)
                        .map(outcome -> outcome.plan().seed())
                        .toList(),
                caught.stream()
                        .map(outcome -> outcome.violation().orElseThrow())
                        .map(violation -> violation.substring(0, violation.indexOf(':')))
                        .distinct()
                        .toList());
    }
}
