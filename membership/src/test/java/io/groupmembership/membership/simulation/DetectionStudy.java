package io.groupmembership.membership.simulation;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.detection.ClusterTiming;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How long it takes, in virtual time, from a crash to the first view without the member, with three nodes, the log and
 * the leader's cut; and into how many views a mass crash falls. Datagrams and messages take up to 5 ms, an entry is
 * agreed on within 2 ms, nothing gets lost.
 *
 * <p>{@code [seeds [members of the large group]]}, 10 and 10,000 if nothing is said.
 */
final class DetectionStudy {
    private DetectionStudy() {}

    /** A policy in a cluster with the times that go with it. */
    record Profile(ClusterTiming timing, GroupPolicy policy) {
        static final Profile USUAL = new Profile(ClusterTiming.USUAL, new GroupPolicy(5_000, 3, 100_000));
        static final Profile FAST = new Profile(ClusterTiming.FAST, new GroupPolicy(1_000, 3, 100_000));

        /** What a removal may take at most where the monitor lives: the lease, what a cut is held back, a second. */
        long boundMillis() {
            return policy.leaseMillis() + policy.intervalMillis() + 1_000;
        }

        /** The same where another node takes over: its wait, after the node's death was noticed, is in the way. */
        long boundWithoutMonitorMillis() {
            return boundMillis()
                    + timing.nodeTimeoutMillis()
                    + timing.tickMillis()
                    + timing.drift().waited(timing.nodeLeaseMillis());
        }

        @Override
        public String toString() {
            return policy.intervalMillis() / 1_000 + " s x " + policy.misses();
        }
    }

    /**
     * @param millis from each crash to its view, sorted
     * @param views the most views that the crashes of one run came to, in one group
     */
    record Times(List<Long> millis, int expected, int views) {
        long quantile(double part) {
            return millis.get((int) Math.min(millis.size() - 1, Math.round(part * (millis.size() - 1))));
        }

        long worst() {
            return millis.getLast();
        }
    }

    public static void main(String[] args) {
        int seeds = args.length > 0 ? Integer.parseInt(args[0]) : 10;
        int large = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
        System.out.println("| crash | policy | found | p50 | p99 | worst | views, at most |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (Profile profile : List.of(Profile.USUAL, Profile.FAST)) {
            row("one of a group", profile, seeds, seed -> single(profile, seed, false));
            row("one of a group, with evidence", profile, seeds, seed -> single(profile, seed, true));
            row("%,d of %,d".formatted(large / 10, large), profile, 3, seed -> mass(profile, seed, large, large / 10));
            row("%,d of %,d".formatted(large, large), profile, 3, seed -> mass(profile, seed, large, large));
            row("a node and all that it monitors", profile, 3, seed -> withMonitor(profile, seed, large / 10));
        }
        System.out.println();
        for (Profile profile : List.of(Profile.USUAL, Profile.FAST)) {
            fenced(profile, seeds, large / 10);
        }
    }

    private static void fenced(Profile profile, int seeds, int members) {
        List<Fenced> runs = LongStream.range(0, seeds)
                .parallel()
                .mapToObj(seed -> nodeAlone(profile, seed, members))
                .toList();
        System.out.printf(
                Locale.ROOT,
                "%s: when a node dies, %,d of its %,d living members are fenced before they have another monitor%n",
                profile,
                runs.stream().mapToInt(Fenced::members).sum(),
                runs.stream().mapToInt(Fenced::of).sum());
    }

    private static void row(String what, Profile profile, int seeds, Function<Long, Times> study) {
        List<Times> runs =
                LongStream.range(0, seeds).parallel().boxed().map(study).toList();
        Times all = new Times(
                runs.stream().flatMap(run -> run.millis().stream()).sorted().toList(),
                runs.stream().mapToInt(Times::expected).sum(),
                runs.stream().mapToInt(Times::views).max().orElse(0));
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %,d of %,d | %.2f s | %.2f s | %.2f s | %d |%n",
                what,
                profile,
                all.millis().size(),
                all.expected(),
                all.quantile(0.5) / 1e3,
                all.quantile(0.99) / 1e3,
                all.worst() / 1e3,
                all.views());
    }

    /** Members that were fenced, of so many. */
    record Fenced(int members, int of) {}

    // ---- what crashes

    /** One member of each of a hundred groups of three. */
    static Times single(Profile profile, long seed, boolean evidence) {
        CrashRun run = new CrashRun(profile, seed);
        List<List<Client>> groups = IntStream.range(0, 100)
                .mapToObj(group -> run.join(new GroupKey("default", "g" + group), 3))
                .toList();
        run.settle();
        for (List<Client> group : groups) {
            Client victim = group.get((int) run.between(0, group.size()));
            run.crashAt(run.between(0, 20 * World.SECOND), List.of(victim), evidence);
        }
        return run.times();
    }

    /** So many of one large group, at once. */
    static Times mass(Profile profile, long seed, int members, int crashing) {
        CrashRun run = new CrashRun(profile, seed);
        List<Client> all = run.join(Faults.PAYMENTS, members);
        run.settle();
        run.crashAt(run.between(0, 10 * World.SECOND), run.some(all, crashing), false);
        return run.times();
    }

    /** One of the three nodes, whose members live: they are to have another monitor before their leases end. */
    static Fenced nodeAlone(Profile profile, long seed, int members) {
        CrashRun run = new CrashRun(profile, seed);
        run.join(Faults.PAYMENTS, members);
        run.settle();
        return run.fencedByDeathOfNode();
    }

    /** One of the three nodes, with the members that it monitors. */
    static Times withMonitor(Profile profile, long seed, int members) {
        CrashRun run = new CrashRun(profile, seed);
        run.join(Faults.PAYMENTS, members);
        run.settle();
        run.crashNodeAt(run.between(0, 10 * World.SECOND));
        return run.times();
    }
}
