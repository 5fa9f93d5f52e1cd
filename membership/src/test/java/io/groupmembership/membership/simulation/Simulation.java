package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.detection.ClusterTiming;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A cluster, its members, and a time of faults followed by a time without, as a plan says. */
final class Simulation {
    static final UUID CLUSTER = new UUID(1, 2);

    /** A node that is further behind gets a snapshot. */
    static final int KEPT_ENTRIES = 12;

    /** As far apart as clocks may run: (1+r)/(1-r) is 1.2 then. */
    private static final double MOST_RATE_ERROR = 0.0909;

    private static final int NODE_PLACES = 8;
    private static final int MOST_CLIENTS = 64;
    private static final long FAULTS_NANOS = Plan.FAULTS_MILLIS * World.MILLI;
    private static final long SETTLED_NANOS = 30 * World.SECOND;
    private static final long CALM_NANOS = 32 * World.SECOND;
    private static final long QUIET_NANOS = 60 * World.SECOND;
    private static final long SUCCESSION_NANOS = 10 * World.SECOND;

    final Plan plan;
    final Parts parts;
    final ClusterTiming timing;
    final World world;
    final Log log = new Log();
    final Raft raft;
    final Checks checks;

    /** Are told who suspects. */
    final List<Consumer<Node>> whenSuspected = new ArrayList<>();

    private final int mostClients;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private boolean healed;
    private Optional<Node> lame = Optional.empty();

    /**
     * What a run came to.
     *
     * @param falseRemovals how many were removed as crashed that lived
     */
    record Outcome(
            Plan plan, long virtualNanos, long events, int removals, int falseRemovals, Optional<String> violation) {}

    Simulation(Plan plan, Parts parts, @Nullable Consumer<String> story) {
        this(plan, parts, story, ClusterTiming.FAST, MOST_CLIENTS);
    }

    Simulation(Plan plan, Parts parts, @Nullable Consumer<String> story, ClusterTiming timing, int mostClients) {
        this.plan = plan;
        this.parts = parts;
        this.timing = timing;
        this.mostClients = mostClients;
        this.world = new World(plan.seed(), NODE_PLACES + mostClients, story);
        this.checks = new Checks(this);
        this.raft = new Raft(this);
        for (int i = 0; i < plan.nodes(); i++) {
            nodes.add(new Node(this, i, clock(parts.nodeClockStops())));
            log.configured().add(i);
        }
    }

    static Outcome run(long seed, Parts parts) {
        return run(Plan.of(seed), parts, null);
    }

    static Outcome run(Plan plan, Parts parts) {
        return run(plan, parts, null);
    }

    /** An exception out of the rules is a violation too. */
    static Outcome run(Plan plan, Parts parts, @Nullable Consumer<String> story) {
        Simulation simulation = new Simulation(plan, parts, story);
        Optional<String> violation = Optional.empty();
        try {
            simulation.run();
        } catch (Violation broken) {
            violation = Optional.of(broken.what());
        } catch (RuntimeException | StackOverflowError | AssertionError failed) {
            StackTraceElement[] trace = failed.getStackTrace();
            violation = Optional.of("exception: " + failed + (trace.length > 0 ? " at " + trace[0] : ""));
        }
        return new Outcome(
                plan,
                simulation.world.now(),
                simulation.world.events(),
                simulation.checks.removals(),
                simulation.checks.falseRemovals(),
                violation);
    }

    private void run() {
        start();
        Faults.setUp(this);
        plan.faults().forEach(fault -> world.at(fault.atMillis() * World.MILLI, () -> fault.happen(this)));
        world.runUntil(FAULTS_NANOS);
        heal();
        world.runUntil(FAULTS_NANOS + QUIET_NANOS + successionNanos());
        checks.complete();
    }

    /** Several live processes of one name take its place one after the other, each after the lease of the one before. */
    private long successionNanos() {
        long most = clients().stream()
                .filter(client -> client.alive && client.wants)
                .collect(Collectors.groupingBy(client -> List.of(client.group, client.memberId), Collectors.counting()))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        return Math.max(0, most - 2) * SUCCESSION_NANOS;
    }

    void start() {
        nodes.forEach(Node::start);
        raft.start();
    }

    /** Whether all has been well for so long that nobody may be removed by mistake any more. */
    boolean isCalm() {
        return healed && world.now() > FAULTS_NANOS + SETTLED_NANOS;
    }

    private void heal() {
        healed = true;
        world.tell(() -> "all is well from here on");
        world.healAll();
        raft.commitNanos = World.MILLI;
        for (Node node : nodes) {
            log.configured().add(node.place);
            node.lagNanos = World.MILLI;
            if (!node.alive) {
                node.restart();
            }
            node.resume(world.now(), false);
        }
        clients.forEach(client -> client.resume(world.now(), false));
        clients.forEach(checks::touched);
        whenSuspected.clear();
        end(plan.ending(), nodes.get(world.random.nextInt(nodes.size())));
    }

    /** What goes on to be wrong, and nobody may come to harm by. */
    private void end(Plan.Ending ending, Node node) {
        switch (ending) {
            case ALL_IS_WELL -> {}
            case ONE_NODE_RESTARTS ->
                world.after(CALM_NANOS, () -> {
                    world.tell(() -> node.name() + " is restarted");
                    node.save();
                    node.crash(false);
                    world.after(world.between(50 * World.MILLI, 4 * World.SECOND), node::restart);
                });
            case ONE_NODE_LEFT_OUT -> {
                if (cripple(node)) {
                    world.tell(() -> node.name() + " is out of the configuration for good");
                    log.configured().remove(node.place);
                }
            }
            case ONE_NODE_COMES_BACK_EMPTY -> {
                if (cripple(node)) {
                    world.tell(() -> node.name() + " is back without its disk, and applies nothing any more");
                    node.crash(true);
                    node.lagNanos = 3_600 * World.SECOND;
                    node.restart();
                }
            }
            case ONE_NODE_APPLIES_NOTHING -> {
                if (cripple(node)) {
                    world.tell(() -> node.name() + " applies nothing any more");
                    node.lagNanos = 3_600 * World.SECOND;
                }
            }
        }
    }

    private boolean cripple(Node node) {
        if (nodes.size() < 3) {
            return false;
        }
        lame = Optional.of(node);
        if (log.leader == node.place) {
            log.leader = -1;
        }
        return true;
    }

    /** Whether this is the node that is not to be counted on. */
    boolean isLame(Node node) {
        return lame.filter(one -> one == node).isPresent();
    }

    // ---- who there is

    private Clock clock(boolean stops) {
        double error = plan.clocksDrift() ? MOST_RATE_ERROR : 0;
        double rate = 1 + error * (world.chance(0.3) ? 1 : world.chance(0.4) ? -1 : world.random.nextDouble(-1, 1));
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

    /** The node that monitors it, as far as anybody knows. */
    Optional<Node> monitorOf(Client client) {
        return mostRecent()
                .flatMap(judge -> judge.state
                        .member(client.group, client.memberId)
                        .filter(member -> member.incarnation() == client.heartbeat.incarnation())
                        .flatMap(member -> judge.state.nodes().stream()
                                .filter(record -> record.slot() == member.monitorSlot())
                                .map(NodeRecord::nodeId)
                                .findFirst())
                        .flatMap(nodeId -> nodes.stream()
                                .filter(node -> node.nodeId.equals(nodeId))
                                .findFirst()));
    }

    /** @param number tells it from all others, and all that is chance about it comes from that */
    Optional<Client> addClient(long number, GroupKey group, String memberId) {
        if (clients.size() >= mostClients) {
            return Optional.empty();
        }
        Client client = new Client(
                this, NODE_PLACES + clients.size(), number, group, memberId, clock(parts.memberClockStops()));
        clients.add(client);
        client.start();
        return Optional.of(client);
    }

    // ---- messages

    void request(Client client, Command command, Consumer<Result> answer) {
        Node node = nodes.get(world.random.nextInt(nodes.size()));
        world.message(
                client.place,
                node.place,
                node,
                () -> raft.propose(
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
        Client client = clients.get(Client.placeOf(member) - NODE_PLACES);
        world.datagram(from.place, client.place, client, false, () -> arrival.accept(client));
    }
}
