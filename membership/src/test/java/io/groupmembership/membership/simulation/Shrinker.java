package io.groupmembership.membership.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a plan that breaks something smaller: it leaves out what is not needed for a violation of the same kind. What
 * remains is as a rule a handful of faults, whose story can be read.
 */
final class Shrinker {
    private final Parts parts;
    private final String kind;
    private Simulation.Outcome smallest;

    private Shrinker(Parts parts, Simulation.Outcome bad) {
        this.parts = parts;
        this.kind = kind(bad.violation().orElseThrow());
        this.smallest = bad;
    }

    /** The smallest one found that breaks the same property. */
    static Simulation.Outcome shrink(Simulation.Outcome bad, Parts parts) {
        Shrinker shrinker = new Shrinker(parts, bad);
        shrinker.shrink();
        return shrinker.smallest;
    }

    private static String kind(String violation) {
        return violation.substring(0, violation.indexOf(':'));
    }

    private void shrink() {
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (int size = Math.max(1, smallest.plan().faults().size() / 2); size > 0; size /= 2) {
                smaller |= leaveOut(size);
            }
        }
        if (smallest.plan().ending() != Plan.Ending.ALL_IS_WELL) {
            breaks(smallest.plan().with(Plan.Ending.ALL_IS_WELL));
        }
        if (smallest.plan().clocksDrift()) {
            breaks(smallest.plan().withoutDrift());
        }
    }

    /** Tries to leave out so many faults in a row, from the last on. */
    private boolean leaveOut(int size) {
        boolean smaller = false;
        for (int from = smallest.plan().faults().size() - size; from >= 0; from -= size) {
            List<Fault> kept = new ArrayList<>(smallest.plan().faults());
            kept.subList(from, from + size).clear();
            smaller |= breaks(smallest.plan().with(kept));
        }
        return smaller;
    }

    private boolean breaks(Plan plan) {
        Simulation.Outcome outcome = Simulation.run(plan, parts);
        Optional<String> same =
                outcome.violation().filter(violation -> kind(violation).equals(kind));
        if (same.isPresent()) {
            smallest = outcome;
        }
        return same.isPresent();
    }
}
