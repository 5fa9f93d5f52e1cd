package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What the faults of members and of nodes have in common: one fault, with chance of its own. */
abstract class Faults {
    static final GroupKey PAYMENTS = new GroupKey("default", "payments");
    static final GroupKey ORDERS = new GroupKey("default", "orders");

    final Simulation simulation;
    final World world;
    private final SplittableRandom random;

    Faults(Simulation simulation, SplittableRandom random) {
        this.simulation = simulation;
        this.world = simulation.world;
        this.random = random;
    }

    /** What stands at the beginning of every run. */
    static void setUp(Simulation simulation) {
        Node node = simulation.nodes().getFirst();
        for (int second = 1; second < 3; second++) {
            simulation.world.at(second * World.SECOND, () -> {
                simulation.raft.propose(node, new Command.PutPolicy(PAYMENTS, simulation.plan.policy()));
                simulation.raft.propose(node, new Command.PutPolicy(ORDERS, Plan.POLICIES.getFirst()));
            });
        }
    }

    // ---- chance

    final boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    final long between(long low, long high) {
        return random.nextLong(low, high);
    }

    /** Rather near the shortest. */
    final long mostly(long shortest, long longest) {
        double part = random.nextDouble();
        return shortest + (long) ((longest - shortest) * part * part);
    }

    final int oneOf(int count) {
        return random.nextInt(count);
    }

    // ---- whom it is about

    final Node anyNode() {
        return simulation.nodes().get(random.nextInt(simulation.nodes().size()));
    }

    /**
     * One of the living members. Each has a number of its own that the choice goes by, so that the same one is chosen
     * where others are left out of the plan.
     */
    final void anyMember(Consumer<Client> what) {
        long key = random.nextLong();
        simulation.clients().stream()
                .filter(client -> client.alive)
                .min(Comparator.comparingLong(client -> (client.number ^ key) * 0x9E3779B97F4A7C15L))
                .ifPresent(what);
    }

    /** Some of the members, each with this probability. */
    final List<Client> some(Predicate<Client> of, double probability) {
        long key = random.nextLong();
        return simulation.clients().stream()
                .filter(of)
                .filter(client -> new SplittableRandom(client.number ^ key).nextDouble() < probability)
                .toList();
    }

    // ---- what is done to them

    /** A request of a person, said twice, because the first may get lost. */
    final void admin(Command command) {
        simulation.raft.propose(anyNode(), command);
        Node again = anyNode();
        world.after(World.SECOND, () -> simulation.raft.propose(again, command));
    }

    /** It stands still. Timers may be due before what came in meanwhile is read, or after. */
    final void pause(Actor process, boolean withTheMachine, long nanos) {
        if (process.runs()) {
            boolean timersFirst = chance(0.5);
            world.tell(() -> process.name() + (withTheMachine ? " is suspended" : " is paused") + " for "
                    + nanos / World.MILLI + " ms");
            process.pause(world.now(), withTheMachine);
            world.after(nanos, () -> {
                process.resume(world.now(), timersFirst);
                simulation.clients().forEach(simulation.checks::touched);
            });
        }
    }

    final void cutFor(Actor from, Actor to, long nanos) {
        world.tell(() -> from.name() + " does not reach " + to.name() + " for " + nanos / World.MILLI + " ms");
        world.cut(from.place, to.place, true);
        world.after(nanos, () -> world.cut(from.place, to.place, false));
    }

    final void cutBothFor(Actor one, Actor other, long nanos) {
        cutFor(one, other, nanos);
        cutFor(other, one, nanos);
    }
}
