package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What goes wrong, and what people do meanwhile. Each seed has its own mixture. */
final class Faults {
    private static final GroupKey PAYMENTS = new GroupKey("default", "payments");
    private static final GroupKey ORDERS = new GroupKey("default", "orders");
    private static final List<GroupPolicy> POLICIES = List.of(
            new GroupPolicy(1_000, 3, 1_000),
            new GroupPolicy(2_000, 3, 1_000),
            new GroupPolicy(600, 4, 1_000),
            new GroupPolicy(1_000, 6, 1_000));

    private static final int MOST_OF_A_NAME = 3;

    private final Simulation simulation;
    private final World world;
    private final long endNanos;
    private int named;

    Faults(Simulation simulation, long endNanos) {
        this.simulation = simulation;
        this.world = simulation.world;
        this.endNanos = endNanos;
    }

    void plan() {
        GroupPolicy first = POLICIES.get(world.random.nextInt(2));
        world.at(World.SECOND, () -> admin(new Command.PutPolicy(PAYMENTS, first)));
        world.at(World.SECOND, () -> admin(new Command.PutPolicy(ORDERS, POLICIES.getFirst())));
        int members = world.random.nextInt(2, 12);
        for (int i = 0; i < members; i++) {
            world.at(world.between(2 * World.SECOND, 6 * World.SECOND), this::newMember);
        }
        world.at(4 * World.SECOND, this::weather);
        List<Runnable> kinds = kinds();
        int faults = world.random.nextInt(4, 40);
        for (int i = 0; i < faults; i++) {
            world.at(world.between(5 * World.SECOND, endNanos), kinds.get(world.random.nextInt(kinds.size())));
        }
    }

    /** A few kinds of faults in each run, so that some runs have many of one kind. */
    private List<Runnable> kinds() {
        List<Runnable> all = List.of(
                this::newMember,
                this::killClient,
                this::pauseClient,
                this::suspendClient,
                this::secondProcess,
                this::restartClient,
                this::leave,
                this::evict,
                this::crashNode,
                this::crashNode,
                this::wipeNode,
                this::pauseNode,
                this::suspendNode,
                this::deafen,
                this::deafen,
                this::cutNodes,
                this::isolateNode,
                this::slowNode,
                this::slowNode,
                this::slowLog,
                this::policy,
                this::policy,
                this::reconfigure,
                this::transfer,
                this::save,
                this::weather,
                this::silence,
                this::strand,
                this::strand,
                this::strand,
                this::shrink,
                this::forget);
        List<Runnable> some = new ArrayList<>();
        int count = world.random.nextInt(2, 9);
        for (int i = 0; i < count; i++) {
            some.add(all.get(world.random.nextInt(all.size())));
        }
        return some;
    }

    private void admin(Command command) {
        simulation.propose(anyNode(), command);
        world.after(World.SECOND, () -> simulation.propose(anyNode(), command));
    }

    private Node anyNode() {
        return simulation.nodes().get(world.random.nextInt(simulation.nodes().size()));
    }

    private void anyClient(java.util.function.Consumer<Client> what) {
        List<Client> living =
                simulation.clients().stream().filter(client -> client.alive).toList();
        if (!living.isEmpty()) {
            what.accept(living.get(world.random.nextInt(living.size())));
        }
    }

    private long mostly(long shortest, long longest) {
        long range = longest - shortest;
        double part = world.random.nextDouble();
        return shortest + (long) (range * part * part);
    }

    // ---- members

    private void newMember() {
        simulation.addClient(world.chance(0.8) ? PAYMENTS : ORDERS, "m" + named++);
    }

    private void killClient() {
        anyClient(client -> {
            world.tell(() -> client.name() + " dies");
            client.die();
        });
    }

    private void pauseClient() {
        anyClient(client -> pause(client, false));
    }

    private void suspendClient() {
        anyClient(client -> pause(client, true));
    }

    private void pause(Actor process, boolean withTheMachine) {
        if (process.runs()) {
            world.tell(() -> name(process) + (withTheMachine ? " is suspended" : " is paused"));
            process.pause(world.now(), withTheMachine);
            world.after(mostly(200 * World.MILLI, 15 * World.SECOND), () -> {
                world.tell(() -> name(process) + " goes on");
                process.resume(world.now());
                simulation.clients().forEach(simulation.checks::touched);
            });
        }
    }

    private static String name(Actor who) {
        return who instanceof Client client ? client.name() : who instanceof Node node ? node.nodeId : "?";
    }

    private void secondProcess() {
        anyClient(client -> {
            if (simulation.clients().stream()
                            .filter(other -> other.alive && other.memberId.equals(client.memberId))
                            .count()
                    > MOST_OF_A_NAME) {
                return;
            }
            simulation
                    .addClient(client.group, client.memberId)
                    .ifPresent(second -> world.tell(() -> second.name() + " starts beside " + client.name()));
        });
    }

    private void restartClient() {
        anyClient(client -> {
            client.die();
            world.after(
                    mostly(50 * World.MILLI, 4 * World.SECOND),
                    () -> simulation.addClient(client.group, client.memberId));
        });
    }

    /** It goes, and soon a process of the same name comes: an orderly restart. */
    private void leave() {
        anyClient(client -> {
            world.tell(() -> client.name() + " leaves");
            client.leave();
            world.after(mostly(World.MILLI, 5 * World.SECOND), () -> {
                if (world.chance(0.7)) {
                    simulation.addClient(client.group, client.memberId);
                }
            });
            world.after(3 * World.SECOND, client::die);
        });
    }

    private void evict() {
        anyClient(client -> admin(new Command.Revoke(client.group, client.memberId, OptionalLong.empty())));
    }

    /** One client's acks, or all of one node's, get nowhere. */
    private void deafen() {
        Node node = anyNode();
        long nanos = mostly(500 * World.MILLI, 20 * World.SECOND);
        boolean all = world.chance(0.3);
        boolean towards = world.chance(0.6);
        boolean back = !towards || world.chance(0.5);
        for (Client client : simulation.clients()) {
            if (all || world.chance(0.4)) {
                if (towards) {
                    cutFor(node.place, client.place, nanos);
                }
                if (back) {
                    cutFor(client.place, node.place, nanos);
                }
            }
        }
    }

    /** A client that hears nothing, or is not heard, by any node. */
    private void silence() {
        boolean towards = world.chance(0.5);
        long nanos = mostly(World.SECOND, 20 * World.SECOND);
        anyClient(client -> {
            for (Node node : simulation.nodes()) {
                cutFor(towards ? node.place : client.place, towards ? client.place : node.place, nanos);
            }
        });
    }

    // ---- nodes

    private void crashNode() {
        crash(false);
    }

    private void wipeNode() {
        crash(true);
    }

    private void crash(boolean losesDisk) {
        Node node = anyNode();
        boolean others = simulation.nodes().stream().anyMatch(other -> other != node && other.alive);
        if (node.alive && (!losesDisk || others)) {
            if (!losesDisk && world.chance(0.5)) {
                node.save();
            }
            world.tell(() -> node.nodeId + " crashes" + (losesDisk ? " and loses its disk" : ""));
            node.crash(losesDisk);
            world.after(mostly(50 * World.MILLI, 10 * World.SECOND), () -> {
                if (!node.alive) {
                    node.restart();
                }
            });
        }
    }

    private void save() {
        Node node = anyNode();
        if (node.alive) {
            node.save();
        }
    }

    private void pauseNode() {
        pause(anyNode(), false);
    }

    private void suspendNode() {
        pause(anyNode(), true);
    }

    private void cutNodes() {
        Node one = anyNode();
        Node other = anyNode();
        cutFor(one.place, other.place, mostly(World.SECOND, 15 * World.SECOND));
    }

    private void isolateNode() {
        isolate(anyNode(), mostly(World.SECOND, 15 * World.SECOND));
    }

    private void isolate(Node one, long nanos) {
        for (Node other : simulation.nodes()) {
            if (other != one) {
                cutFor(one.place, other.place, nanos);
                cutFor(other.place, one.place, nanos);
            }
        }
    }

    private void cutFor(int from, int to, long nanos) {
        world.tell(() -> "place " + from + " does not reach " + to + " for " + nanos / World.MILLI + " ms");
        world.cut(from, to, true);
        world.after(nanos, () -> world.cut(from, to, false));
    }

    /**
     * One node alone reaches some members, and knows nothing of what the others agree on meanwhile: it is cut off, or
     * lags, or its machine was suspended, or it starts anew.
     */
    private void strand() {
        Node node = anyNode();
        long nanos = world.between(3 * World.SECOND, 25 * World.SECOND);
        long longer = nanos + world.between(0, 15 * World.SECOND);
        List<Client> stranded = simulation.clients().stream()
                .filter(client -> world.chance(0.5))
                .toList();
        for (Node other : simulation.nodes()) {
            if (other != node) {
                for (Client client : stranded) {
                    cutFor(other.place, client.place, longer);
                    cutFor(client.place, other.place, longer);
                }
            }
        }
        if (world.chance(0.3)) {
            lag(node, world.between(4 * World.SECOND, 15 * World.SECOND), nanos);
        } else {
            switch (world.random.nextInt(4)) {
                case 0 -> suspend(node, nanos / 2);
                case 1 -> restart(node, nanos / 2);
                case 2 -> {
                    // it comes back, and goes again before it has grown old
                    restart(node, 100 * World.MILLI);
                    long again = world.between(World.SECOND, 4 * World.SECOND);
                    world.after(again, () -> {
                        restart(node, nanos / 2);
                        isolate(node, nanos);
                    });
                    return;
                }
                default -> {}
            }
            isolate(node, nanos);
        }
        if (world.chance(0.4)) {
            stranded.forEach(client -> world.after(
                    world.between(0, nanos),
                    () -> admin(new Command.Revoke(client.group, client.memberId, OptionalLong.empty()))));
        }
    }

    private void suspend(Node node, long nanos) {
        if (node.runs()) {
            world.tell(() -> node.nodeId + " is suspended for " + nanos / World.MILLI + " ms");
            node.pause(world.now(), true);
            world.after(nanos, () -> node.resume(world.now()));
        }
    }

    private void restart(Node node, long nanos) {
        if (node.alive) {
            world.tell(() -> node.nodeId + " crashes for " + nanos / World.MILLI + " ms");
            node.crash(false);
            world.after(nanos, () -> {
                if (!node.alive) {
                    node.restart();
                }
            });
        }
    }

    private void lag(Node node, long lagNanos, long nanos) {
        world.tell(() -> node.nodeId + " lags " + lagNanos / World.MILLI + " ms");
        node.lagNanos = lagNanos;
        world.after(nanos, () -> node.lagNanos = World.MILLI);
    }

    /** A long lease is granted, its holder falls silent, and the policy becomes a short one. */
    private void shrink() {
        admin(new Command.PutPolicy(PAYMENTS, POLICIES.getLast()));
        world.after(6 * World.SECOND, () -> {
            silence();
            world.after(
                    world.between(0, 4 * World.SECOND),
                    () -> admin(new Command.PutPolicy(PAYMENTS, POLICIES.getFirst())));
        });
    }

    /** From now on a node that suspects somebody may crash at once, and be back soon. */
    private void forget() {
        simulation.suspected = node -> {
            if (world.chance(0.3)) {
                world.after(
                        world.between(0, 50 * World.MILLI),
                        () -> restart(node, mostly(50 * World.MILLI, World.SECOND)));
            }
        };
    }

    private void slowNode() {
        lag(anyNode(), mostly(10 * World.MILLI, 9 * World.SECOND), mostly(World.SECOND, 20 * World.SECOND));
    }

    private void slowLog() {
        simulation.setCommitNanos(mostly(World.MILLI, 2 * World.SECOND));
        world.after(mostly(World.SECOND, 20 * World.SECOND), () -> simulation.setCommitNanos(World.MILLI));
    }

    private void reconfigure() {
        Node node = anyNode();
        if (simulation.log.configured().size() > 2
                && simulation.log.configured().remove(node.place)) {
            world.after(
                    mostly(World.SECOND, 25 * World.SECOND),
                    () -> simulation.log.configured().add(node.place));
        }
    }

    private void transfer() {
        simulation.transferLeadership();
    }

    private void policy() {
        GroupKey group = world.chance(0.8) ? PAYMENTS : ORDERS;
        admin(new Command.PutPolicy(group, POLICIES.get(world.random.nextInt(POLICIES.size()))));
    }

    private void weather() {
        world.loss = world.chance(0.5) ? 0 : mostly(0, 40) / 100.0;
        world.duplicates = world.chance(0.5) ? 0 : 0.1;
        world.latePercent = world.chance(0.5) ? 0 : world.random.nextInt(1, 30);
        world.latestNanos = mostly(10 * World.MILLI, 12 * World.SECOND);
        world.tell(() -> "loss " + world.loss + ", " + world.latePercent + " % up to " + world.latestNanos / World.MILLI
                + " ms late");
    }
}
