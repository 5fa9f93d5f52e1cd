package io.groupmembership.membership.simulation;

/** Prints how many seeds each mutation takes. */
final class Mutants {
    private Mutants() {}

    public static void main(String[] args) {
        int most = Integer.parseInt(args[0]);
        Mutation.all().parallelStream().forEach(mutation -> {
            int caught = 0;
            long first = -1;
            String what = "";
            for (int seed = 0; seed < most; seed++) {
                Simulation.Outcome outcome = Simulation.run(seed, mutation.parts());
                if (outcome.violation().isPresent()) {
                    caught++;
                    if (first < 0) {
                        first = seed;
                        what = outcome.violation().get();
                    }
                }
            }
            System.out.printf("%-55s first %5d  %5d of %d  %s%n", mutation, first, caught, most, what);
        });
    }
}
