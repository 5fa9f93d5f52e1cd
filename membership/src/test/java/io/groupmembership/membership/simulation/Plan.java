package io.groupmembership.membership.simulation;

import io.groupmembership.membership.GroupPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What a simulation is to go through, as data: it is drawn from one seed before anything happens, and can be made
 * smaller, printed, and written into a test.
 *
 * @param seed of all that is left to chance beside the faults, as delays and losses
 * @param clocksDrift whether clocks run apart as fast as is reckoned with; else they all run alike
 * @param policy of the first group, at the start
 */
record Plan(long seed, int nodes, boolean clocksDrift, GroupPolicy policy, Ending ending, List<Fault> faults) {
    /** What is left when all the rest has been put right. */
    enum Ending {
        ALL_IS_WELL,
        ONE_NODE_RESTARTS,
        ONE_NODE_LEFT_OUT,
        ONE_NODE_APPLIES_NOTHING,
        ONE_NODE_COMES_BACK_EMPTY
    }

    static final long FAULTS_MILLIS = 60_000;

    /** Each group takes to one of these now and then. The last has the longest lease. */
    static final List<GroupPolicy> POLICIES = List.of(
            new GroupPolicy(1_000, 3, 1_000),
            new GroupPolicy(2_000, 3, 1_000),
            new GroupPolicy(600, 4, 1_000),
            new GroupPolicy(3_000, 2, 1_000),
            new GroupPolicy(1_000, 6, 1_000));

    private static final long ANOTHER_STREAM = 0x5DEECE66DL;

    static Plan of(long seed) {
        SplittableRandom random = new SplittableRandom(seed ^ ANOTHER_STREAM);
        return new Plan(
                seed, someNodes(random), random.nextInt(2) == 0, somePolicy(random), someEnding(random), some(random));
    }

    private static int someNodes(SplittableRandom random) {
        int percent = random.nextInt(100);
        return percent < 75 ? 3 : percent < 88 ? 5 : percent < 92 ? 7 : 1;
    }

    private static GroupPolicy somePolicy(SplittableRandom random) {
        int percent = random.nextInt(100);
        return POLICIES.get(percent < 45 ? 0 : percent < 90 ? 1 : 3);
    }

    private static Ending someEnding(SplittableRandom random) {
        int percent = random.nextInt(100);
        return percent < 35
                ? Ending.ALL_IS_WELL
                : percent < 70
                        ? Ending.ONE_NODE_RESTARTS
                        : percent < 80
                                ? Ending.ONE_NODE_LEFT_OUT
                                : percent < 90 ? Ending.ONE_NODE_APPLIES_NOTHING : Ending.ONE_NODE_COMES_BACK_EMPTY;
    }

    /** A few kinds of faults in each plan, so that some plans have many of one kind. */
    private static List<Fault> some(SplittableRandom random) {
        List<Fault> faults = new ArrayList<>();
        // so many that a node has more than eight of them, and may mistrust itself, in one of ten plans
        int members = random.nextInt(10) == 0 ? random.nextInt(24, 40) : random.nextInt(2, 12);
        for (int i = 0; i < members; i++) {
            faults.add(new Fault(Fault.Kind.NEW_MEMBER, random.nextLong(2_000, 6_000), random.nextLong()));
        }
        faults.add(new Fault(Fault.Kind.WEATHER, 4_000, random.nextLong()));
        List<Fault.Kind> kinds = new ArrayList<>();
        for (int i = random.nextInt(2, 9); i > 0; i--) {
            kinds.add(Fault.DRAWN.get(random.nextInt(Fault.DRAWN.size())));
        }
        for (int i = random.nextInt(4, 40); i > 0; i--) {
            Fault.Kind kind = kinds.get(random.nextInt(kinds.size()));
            faults.add(new Fault(kind, random.nextLong(5_000, FAULTS_MILLIS), random.nextLong()));
        }
        return List.copyOf(faults);
    }

    Plan with(List<Fault> otherFaults) {
        return new Plan(seed, nodes, clocksDrift, policy, ending, List.copyOf(otherFaults));
    }

    Plan with(Ending otherEnding) {
        return new Plan(seed, nodes, clocksDrift, policy, otherEnding, faults);
    }

    Plan withoutDrift() {
        return new Plan(seed, nodes, false, policy, ending, faults);
    }

    static LongStream seeds(long from, long count) {
        return LongStream.range(from, from + count);
    }

    /** As Java, to be pasted into {@link RegressionTest}. */
    String toJava() {
        String list = faults.stream()
                .map(fault -> "new Fault(Kind.%s, %dL, %dL)".formatted(fault.kind(), fault.atMillis(), fault.seed()))
                .collect(Collectors.joining(",\n                "));
        return """
                new Plan(
                        %dL,
                        %d,
                        %s,
                        new GroupPolicy(%d, %d, %d),
                        Plan.Ending.%s,
                        List.of(
                %s))""".formatted(
                        seed,
                        nodes,
                        clocksDrift,
                        policy.intervalMillis(),
                        policy.misses(),
                        policy.maxMembers(),
                        ending,
                        list.isEmpty() ? "" : "                " + list);
    }
}
