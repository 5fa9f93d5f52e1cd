package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.detection.ClusterTiming;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cluster, its members, and a time of faults followed by a time without: everything drawn from one seed. */
final class Simulation {
    static final UUID CLUSTER = new UUID(1, 2);
    static final ClusterTiming TIMING = ClusterTiming.FAST;

    /** A node that is further behind gets a snapshot. */
    static final int KEPT_ENTRIES = 12;

    static final int MOST_CLIENTS = 32;

    private static final long FAULTS_NANOS = 60 * World.SECOND;
    private static final long SETTLED_NANOS = 30 * World.SECOND;
    private static final long CALM_NANOS = 32 * World.SECOND;
    private static final long QUIET_NANOS = 60 * World.SECOND;

    final long seed;
    final Parts parts;
    final World world;
    final Log log = new Log();
    final Checks checks;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final double drift;
    private long commitNanos = World.MILLI;
    private boolean electing;
    private boolean healed;
    private Optional<Node> lame = Optional.empty();

    /** Is told who suspects. */
    Consumer<Node> suspected = node -> {};

    /** What a run came to. */
    record Outcome(long seed, long virtualNanos, long events, int falseRemovals, Optional<String> violation) {}

    Simulation(long seed, Parts parts, @Nullable Consumer<String> story) {
        this.seed = seed;
        this.parts = parts;
        this.world = new World(seed, 8 + MOST_CLIENTS, story);
        this.checks = new Checks(this);
        this.drift = world.chance(0.5) ? 0.0909 : 0;
        int count = world.chance(0.75) ? 3 : world.chance(0.5) ? 5 : 1;
        for (int i = 0; i < count; i++) {
            nodes.add(new Node(this, i, clock(parts.nodeClockStops())));
            log.configured().add(i);
        }
    }

    static Outcome run(long seed, Parts parts) {
        return run(seed, parts, null);
    }

    static Outcome run(long seed, Parts parts, @Nullable Consumer<String> story) {
        Simulation simulation = new Simulation(seed, parts, story);
        Optional<String> violation = Optional.empty();
        try {
            simulation.run();
        } catch (Violation broken) {
            violation = Optional.of(broken.what());
        }
        return new Outcome(
                seed, simulation.world.now(), simulation.world.events(), simulation.checks.falseRemovals(), violation);
    }

    private void run() {
        nodes.forEach(Node::start);
        elect();
        world.after(0, this::watchLeader);
        new Faults(this, FAULTS_NANOS).plan();
        world.runUntil(FAULTS_NANOS);
        heal();
        world.runUntil(FAULTS_NANOS + QUIET_NANOS);
        checks.complete();
    }

    /** Whether all has been well for so long that nobody may be removed by mistake any more. */
    boolean isCalm() {
        return healed && world.now() > FAULTS_NANOS + SETTLED_NANOS;
    }

    private void heal() {
        healed = true;
        world.tell(() -> "all is well from here on");
        world.healAll();
        commitNanos = World.MILLI;
        for (Node node : nodes) {
            log.configured().add(node.place);
            node.lagNanos = World.MILLI;
            if (!node.alive) {
                node.restart();
            }
            node.resume(world.now());
        }
        clients.forEach(client -> client.resume(world.now()));
        clients.forEach(checks::touched);
        suspected = node -> {};
        if (nodes.size() > 2 && world.chance(0.3)) {
            Node lame = nodes.get(world.random.nextInt(nodes.size()));
            lasting(lame);
        } else if (world.chance(0.5)) {
            world.after(CALM_NANOS, this::restartOne);
        }
    }

    /** A fault that stays: a node that gets the log no more, or has it and never gets to apply it. */
    private void lasting(Node node) {
        lame = Optional.of(node);
        if (world.chance(0.5)) {
            world.tell(() -> node.nodeId + " is out of the configuration for good");
            log.configured().remove(node.place);
        } else {
            world.tell(() -> node.nodeId + " applies nothing any more");
            node.lagNanos = 3_600 * World.SECOND;
        }
        if (log.leader == node.place) {
            log.leader = -1;
        }
    }

    /** What nobody may come to harm by. */
    private void restartOne() {
        Node node = nodes.get(world.random.nextInt(nodes.size()));
        world.tell(() -> node.nodeId + " is restarted");
        node.save();
        node.crash(false);
        world.after(world.between(50 * World.MILLI, 4 * World.SECOND), node::restart);
    }

    /** The node that is not to be counted on. */
    Optional<Node> lame() {
        return lame;
    }

    Clock clock(boolean stops) {
        double rate = 1 + drift * (world.chance(0.3) ? 1 : world.chance(0.4) ? -1 : world.random.nextDouble(-1, 1));
        return new Clock(world.between(0, 1_000_000 * World.SECOND), rate, stops);
    }

    List<Node> nodes() {
        return nodes;
    }

    List<Client> clients() {
        return clients;
    }

    Optional<Node> mostRecent() {
        return nodes.stream().filter(node -> node.alive).max(Comparator.comparingInt(node -> node.appliedTo));
    }

    Optional<Client> addClient(GroupKey group, String memberId) {
        if (clients.size() >= MOST_CLIENTS) {
            return Optional.empty();
        }
        Client client = new Client(this, 8 + clients.size(), group, memberId, clock(parts.memberClockStops()));
        clients.add(client);
        client.start();
        return Optional.of(client);
    }

    void setCommitNanos(long nanos) {
        commitNanos = nanos;
    }

    // ---- Raft

    private boolean hasMajority(int place) {
        if (!log.configured().contains(place) || !nodes.get(place).runs() || isLame(nodes.get(place))) {
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

    private boolean isLame(Node node) {
        return lame.filter(one -> one == node).isPresent();
    }

    private void watchLeader() {
        world.after(100 * World.MILLI, this::watchLeader);
        if (log.leader >= 0 && !hasMajority(log.leader)) {
            log.leader = -1;
        }
        if (log.leader < 0 && !electing) {
            electing = true;
            world.after(world.between(200 * World.MILLI, World.SECOND), this::elect);
        }
        for (Node node : nodes) {
            boolean hearsOfLeader = log.leader >= 0 && world.reaches(log.leader, node.place);
            if (node.leads() && node.place != log.leader && node.runs() && (hearsOfLeader || world.chance(0.1))) {
                node.setLeads(false);
            }
        }
    }

    private void elect() {
        electing = false;
        List<Integer> able =
                log.configured().stream().filter(this::hasMajority).sorted().toList();
        if (!able.isEmpty()) {
            lead(able.get(world.random.nextInt(able.size())));
        }
    }

    void lead(int place) {
        log.leader = place;
        world.tell(() -> "node-" + place + " leads");
        nodes.get(place).setLeads(true);
        nodes.get(place).fetch();
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

    void propose(Node from, Command command) {
        propose(from, command, result -> {});
    }

    void propose(Node from, Command command, Consumer<Result> answer) {
        int leader = log.leader;
        if (leader >= 0) {
            world.message(from.place, leader, nodes.get(leader), () -> commit(leader, command, answer));
        }
    }

    private void commit(int leader, Command command, Consumer<Result> answer) {
        world.after(world.between(commitNanos / 2, commitNanos * 2), () -> {
            if (log.leader == leader && hasMajority(leader)) {
                log.append(nodes.get(leader).nodeId, world.now(), command, answer);
                nodes.get(leader).fetch();
                for (Node node : nodes) {
                    if (node.place != leader) {
                        world.after(
                                world.between(node.lagNanos / 4, node.lagNanos), () -> node.take(true, node::fetch));
                    }
                }
            }
        });
    }

    void applied(Node node, int index, List<Result> results) {
        log.applied(index, results);
    }

    // ---- messages

    void request(Client client, Command command, Consumer<Result> answer) {
        Node node = nodes.get(world.random.nextInt(nodes.size()));
        world.message(
                client.place,
                node.place,
                node,
                () -> propose(
                        node,
                        command,
                        result -> world.message(node.place, client.place, client, () -> answer.accept(result))));
    }

    /** What goes to the leader may go to one that was deposed and does not know it. */
    void toLeader(Node from, Consumer<Node> arrival) {
        for (Node node : nodes) {
            if (node.leads() && (node.place == log.leader || world.chance(0.2))) {
                world.message(from.place, node.place, node, () -> arrival.accept(node));
            }
        }
    }

    void toOthers(Node from, Consumer<Node> arrival) {
        for (Node node : nodes) {
            if (node != from) {
                world.message(from.place, node.place, node, () -> arrival.accept(node));
            }
        }
    }

    void toNode(Node from, Node to, Runnable arrival) {
        world.message(from.place, to.place, to, arrival);
    }

    void toNodeByUdp(Client from, Node to, Runnable arrival) {
        world.datagram(from.place, to.place, to, true, arrival);
    }

    void toMember(Node from, Member member, Consumer<Client> arrival) {
        for (Client client : clients) {
            if (client.is(member)) {
                world.datagram(from.place, client.place, client, false, () -> arrival.accept(client));
            }
        }
    }
}
