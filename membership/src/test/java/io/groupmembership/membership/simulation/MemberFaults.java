package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** What happens to members, to their groups, and on the way to them. */
final class MemberFaults extends Faults {
    private static final int MOST_OF_A_NAME = 3;

    MemberFaults(Simulation simulation, SplittableRandom random) {
        super(simulation, random);
    }

    void begin() {
        long number = between(0, Long.MAX_VALUE);
        simulation.addClient(number, chance(0.8) ? PAYMENTS : ORDERS, "m" + Long.toString(number, 36));
    }

    void kill() {
        anyMember(this::kill);
    }

    private void kill(Client client) {
        world.tell(() -> client.name() + " dies");
        client.die();
    }

    /** A part of all, or all of them. */
    void killMany() {
        some(client -> client.alive, chance(0.2) ? 1 : 0.6).forEach(this::kill);
    }

    /** The kubelet sees its containers end, and its word comes to the nodes sooner or later. */
    void killWithEvidence() {
        anyMember(client -> {
            kill(client);
            long incarnation = client.heartbeat.incarnation();
            for (int i = 0; i < 2; i++) {
                Node node = anyNode();
                world.after(
                        mostly(World.MILLI, 6 * World.SECOND),
                        () -> node.take(true, () -> node.hearsOfTheEnd(client.group, client.memberId, incarnation)));
            }
            if (chance(0.5)) {
                again(client, mostly(World.MILLI, 3 * World.SECOND));
            }
        });
    }

    private void again(Client client, long nanos) {
        long number = between(0, Long.MAX_VALUE);
        world.after(nanos, () -> simulation.addClient(number, client.group, client.memberId));
    }

    void pause() {
        anyMember(client -> pause(client, false, mostly(200 * World.MILLI, 15 * World.SECOND)));
    }

    void suspend() {
        anyMember(client -> pause(client, true, mostly(200 * World.MILLI, 15 * World.SECOND)));
    }

    /** As when an old machine comes back, or a pod's name is used anew. */
    void secondProcess() {
        long number = between(0, Long.MAX_VALUE);
        anyMember(client -> {
            long ofThatName = simulation.clients().stream()
                    .filter(other -> other.alive && other.memberId.equals(client.memberId))
                    .count();
            if (ofThatName <= MOST_OF_A_NAME) {
                simulation
                        .addClient(number, client.group, client.memberId)
                        .ifPresent(second -> world.tell(() -> second.name() + " starts beside " + client.name()));
            }
        });
    }

    void restart() {
        anyMember(client -> {
            kill(client);
            again(client, mostly(50 * World.MILLI, 4 * World.SECOND));
        });
    }

    /** It goes, and soon a process of the same name comes: an orderly restart. */
    void leave() {
        anyMember(client -> {
            world.tell(() -> client.name() + " leaves");
            client.leave();
            if (chance(0.7)) {
                again(client, mostly(World.MILLI, 5 * World.SECOND));
            }
            world.after(3 * World.SECOND, client::die);
        });
    }

    void evict() {
        anyMember(this::evict);
    }

    private void evict(Client client) {
        admin(new Command.Revoke(client.group, client.memberId, OptionalLong.empty()));
    }

    /** A member that hears nothing, or is not heard, by any node. */
    void silence() {
        boolean towards = chance(0.5);
        long nanos = mostly(World.SECOND, 20 * World.SECOND);
        anyMember(client -> {
            for (Node node : simulation.nodes()) {
                cutFor(towards ? node : client, towards ? client : node, nanos);
            }
        });
    }

    /** Whichever node monitors it does not reach it any more, again and again. */
    void chase() {
        long untilNanos = world.now() + mostly(4 * World.SECOND, 25 * World.SECOND);
        anyMember(client -> chase(client, untilNanos));
    }

    private void chase(Client client, long untilNanos) {
        if (world.now() < untilNanos) {
            long nanos = between(World.SECOND, 6 * World.SECOND);
            simulation
                    .monitorOf(client)
                    .ifPresent(monitor -> cutFor(monitor, client, Math.min(nanos, untilNanos - world.now())));
            world.after(between(100 * World.MILLI, 3 * World.SECOND), () -> chase(client, untilNanos));
        }
    }

    void policy() {
        GroupKey group = chance(0.8) ? PAYMENTS : ORDERS;
        admin(new Command.PutPolicy(group, Plan.POLICIES.get(oneOf(Plan.POLICIES.size()))));
    }

    /** A long lease is granted, its holder falls silent, and the policy becomes a short one. */
    void shrinkPolicy() {
        admin(new Command.PutPolicy(PAYMENTS, Plan.POLICIES.getLast()));
        world.after(6 * World.SECOND, () -> {
            silence();
            world.after(
                    between(0, 4 * World.SECOND),
                    () -> admin(new Command.PutPolicy(PAYMENTS, Plan.POLICIES.getFirst())));
        });
    }

    /** How the network is from now on. */
    void weather() {
        world.loss = chance(0.5) ? 0 : mostly(0, 40) / 100.0;
        world.duplicates = chance(0.5) ? 0 : 0.1;
        world.latePercent = chance(0.5) ? 0 : 1 + oneOf(29);
        world.latestNanos = mostly(10 * World.MILLI, 12 * World.SECOND);
        world.tell(() -> "loss " + world.loss + ", " + world.latePercent + " % up to " + world.latestNanos / World.MILLI
                + " ms late");
    }
}
