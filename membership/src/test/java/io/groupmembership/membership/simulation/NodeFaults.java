package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** What happens to nodes, between them, and to the log. */
final class NodeFaults extends Faults {
    NodeFaults(Simulation simulation, SplittableRandom random) {
        super(simulation, random);
    }

    void crash() {
        Node node = anyNode();
        if (chance(0.5) && node.alive) {
            node.save();
        }
        crash(node, false, mostly(50 * World.MILLI, 10 * World.SECOND));
    }

    void wipe() {
        Node node = anyNode();
        boolean others = simulation.nodes().stream().anyMatch(other -> other != node && other.alive);
        if (others) {
            crash(node, true, mostly(50 * World.MILLI, 10 * World.SECOND));
        }
    }

    private void crash(Node node, boolean losesDisk, long nanos) {
        if (node.alive) {
            world.tell(() -> node.name() + " crashes for " + nanos / World.MILLI + " ms"
                    + (losesDisk ? " and loses its disk" : ""));
            node.crash(losesDisk);
            world.after(nanos, () -> {
                if (!node.alive) {
                    node.restart();
                }
            });
        }
    }

    void save() {
        Node node = anyNode();
        if (node.alive) {
            node.save();
        }
    }

    void pause() {
        pause(anyNode(), false, mostly(200 * World.MILLI, 15 * World.SECOND));
    }

    void suspend() {
        pause(anyNode(), true, mostly(200 * World.MILLI, 15 * World.SECOND));
    }

    /** It is late round after round, and never for long. */
    void stutter() {
        stutter(anyNode(), world.now() + between(3 * World.SECOND, 20 * World.SECOND));
    }

    private void stutter(Node node, long untilNanos) {
        if (world.now() < untilNanos) {
            pause(node, false, between(100 * World.MILLI, 900 * World.MILLI));
            world.after(between(500 * World.MILLI, 1_500 * World.MILLI), () -> stutter(node, untilNanos));
        }
    }

    /** Datagrams between a node and some of the members, or all of them, get nowhere. */
    void deafen() {
        Node node = anyNode();
        long nanos = mostly(500 * World.MILLI, 20 * World.SECOND);
        boolean towards = chance(0.6);
        boolean back = !towards || chance(0.5);
        for (Client client : some(any -> true, chance(0.3) ? 1 : 0.4)) {
            if (towards) {
                cutFor(node, client, nanos);
            }
            if (back) {
                cutFor(client, node, nanos);
            }
        }
    }

    void cutNodes() {
        cutFor(anyNode(), anyNode(), mostly(World.SECOND, 15 * World.SECOND));
    }

    void isolate() {
        isolate(anyNode(), mostly(World.SECOND, 15 * World.SECOND));
    }

    private void isolate(Node one, long nanos) {
        for (Node other : simulation.nodes()) {
            if (other != one) {
                cutBothFor(one, other, nanos);
            }
        }
    }

    /**
     * One node alone reaches some members, and knows nothing of what the others agree on meanwhile: it is cut off, or
     * lags, or its machine was suspended, or it starts anew.
     */
    void strand() {
        Node node = anyNode();
        long nanos = between(3 * World.SECOND, 25 * World.SECOND);
        List<Client> stranded = strandWith(node, nanos + between(0, 15 * World.SECOND));
        if (chance(0.4)) {
            stranded.forEach(client -> world.after(
                    between(0, nanos),
                    () -> admin(new Command.Revoke(client.group, client.memberId, OptionalLong.empty()))));
        }
        if (chance(0.3)) {
            lag(node, between(4 * World.SECOND, 15 * World.SECOND), nanos);
            return;
        }
        switch (oneOf(3)) {
            case 0 -> pause(node, true, nanos / 2);
            case 1 -> crash(node, false, nanos / 2);
            default -> {}
        }
        isolate(node, nanos);
    }

    private List<Client> strandWith(Node node, long nanos) {
        List<Client> stranded = some(any -> true, 0.5);
        for (Node other : simulation.nodes()) {
            if (other != node) {
                stranded.forEach(client -> cutBothFor(other, client, nanos));
            }
        }
        return stranded;
    }

    /** The node that alone reaches them starts anew, and again before it has grown old, and then it is cut off. */
    void strandWithYoung() {
        Node node = anyNode();
        strandWith(node, 40 * World.SECOND);
        world.after(between(3 * World.SECOND, 8 * World.SECOND), () -> {
            if (node.alive) {
                node.save();
            }
            crash(node, false, 100 * World.MILLI);
            world.after(between(500 * World.MILLI, 3 * World.SECOND), () -> {
                crash(node, false, between(2 * World.SECOND, 9 * World.SECOND));
                isolate(node, 20 * World.SECOND);
            });
        });
    }

    void lag() {
        lag(anyNode(), mostly(10 * World.MILLI, 9 * World.SECOND), mostly(World.SECOND, 20 * World.SECOND));
    }

    private void lag(Node node, long lagNanos, long nanos) {
        world.tell(() -> node.name() + " lags " + lagNanos / World.MILLI + " ms");
        node.lagNanos = lagNanos;
        world.after(nanos, () -> node.lagNanos = World.MILLI);
    }

    void slowLog() {
        simulation.raft.commitNanos = mostly(World.MILLI, 2 * World.SECOND);
        world.after(mostly(World.SECOND, 20 * World.SECOND), () -> simulation.raft.commitNanos = World.MILLI);
    }

    void reconfigure() {
        Node node = anyNode();
        if (simulation.log.configured().size() > 2
                && simulation.log.configured().remove(node.place)) {
            world.tell(() -> node.name() + " is out of the configuration");
            world.after(
                    mostly(World.SECOND, 25 * World.SECOND),
                    () -> simulation.log.configured().add(node.place));
        }
    }

    void transferLeadership() {
        simulation.raft.transferLeadership();
    }

    /** From now on a node that suspects somebody may crash at once, and be back soon. */
    void crashWhoeverSuspects() {
        simulation.whenSuspected.add(node -> {
            if (chance(0.3)) {
                world.after(
                        between(0, 50 * World.MILLI), () -> crash(node, false, mostly(50 * World.MILLI, World.SECOND)));
            }
        });
    }

    /** The leader has been told of suspicions, and holds them back: then it stops, or loses touch, or its office. */
    void stopLeaderWithCut() {
        simulation.whenSuspected.add(node -> {
            if (chance(0.3) && simulation.log.leader >= 0) {
                Node leader = simulation.nodes().get(simulation.log.leader);
                long nanos = mostly(World.SECOND, 12 * World.SECOND);
                world.after(between(0, 2 * World.SECOND), () -> {
                    switch (oneOf(4)) {
                        case 0 -> pause(leader, false, nanos);
                        case 1 -> pause(leader, true, nanos);
                        case 2 -> isolate(leader, nanos);
                        default -> simulation.raft.transferLeadership();
                    }
                });
            }
        });
    }
}
