package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Result;
import java.util.List;
import java.util.function.Consumer;

/** Who leads, and what comes into the log. Whoever leads has a majority of the configuration when it appends. */
final class Raft {
    private final Simulation simulation;
    private final World world;
    private final Log log;
    private boolean electing;

    /** How long it takes about to agree on an entry. */
    long commitNanos = World.MILLI;

    Raft(Simulation simulation) {
        this.simulation = simulation;
        this.world = simulation.world;
        this.log = simulation.log;
    }

    void start() {
        elect();
        world.after(0, this::watchLeader);
    }

    // ---- leading

    private void watchLeader() {
        world.after(100 * World.MILLI, this::watchLeader);
        if (log.leader >= 0 && !hasMajority(log.leader)) {
            log.leader = -1;
        }
        if (log.leader < 0 && !electing) {
            electing = true;
            world.after(world.between(200 * World.MILLI, World.SECOND), this::elect);
        }
        for (Node node : simulation.nodes()) {
            boolean hearsOfLeader = log.leader >= 0 && world.reaches(log.leader, node.place);
            if (node.leads() && node.place != log.leader && node.runs() && (hearsOfLeader || world.chance(0.1))) {
                node.setLeads(false);
            }
        }
    }

    private boolean hasMajority(int place) {
        List<Node> nodes = simulation.nodes();
        if (!log.configured().contains(place) || !nodes.get(place).runs() || simulation.isLame(nodes.get(place))) {
            return false;
        }
        int reached = 0;
        for (int other : log.configured()) {
            if (other == place
                    || (nodes.get(other).runs() && world.reaches(place, other) && world.reaches(other, place))) {
                reached++;
            }
        }
        return 2 * reached > log.configured().size();
    }

    private void elect() {
        electing = false;
        List<Integer> able =
                log.configured().stream().filter(this::hasMajority).sorted().toList();
        if (!able.isEmpty()) {
            lead(able.get(world.random.nextInt(able.size())));
        }
    }

    private void lead(int place) {
        log.leader = place;
        Node leader = simulation.nodes().get(place);
        world.tell(() -> leader.name() + " leads");
        leader.setLeads(true);
        leader.fetch();
    }

    void transferLeadership() {
        List<Integer> able = log.configured().stream()
                .filter(place -> place != log.leader && hasMajority(place))
                .sorted()
                .toList();
        if (!able.isEmpty() && log.leader >= 0) {
            lead(able.get(world.random.nextInt(able.size())));
        }
    }

    // ---- the log

    void propose(Node from, Command command) {
        propose(from, command, result -> {});
    }

    void propose(Node from, Command command, Consumer<Result> answer) {
        int leader = log.leader;
        if (leader >= 0) {
            world.message(from.place, leader, simulation.nodes().get(leader), () -> commit(leader, command, answer));
        }
    }

    private void commit(int leader, Command command, Consumer<Result> answer) {
        world.after(world.between(commitNanos / 2, commitNanos * 2), () -> {
            if (log.leader == leader && hasMajority(leader)) {
                Node appender = simulation.nodes().get(leader);
                log.append(appender.nodeId, world.now(), command, answer);
                if (world.chance(world.duplicates)) {
                    // whoever proposed it asked twice, because the first answer was late
                    log.append(appender.nodeId, world.now(), command, result -> {});
                }
                appender.fetch();
                for (Node node : simulation.nodes()) {
                    if (node.place != leader) {
                        world.after(
                                world.between(node.lagNanos / 4, node.lagNanos), () -> node.take(true, node::fetch));
                    }
                }
            }
        });
    }
}
