package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.EventSink;
import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.NodeRecord;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.SimulatedState;
import io.groupmembership.membership.ViewChange;
import io.groupmembership.membership.detection.Charge;
import io.groupmembership.membership.detection.MemberWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One node of the cluster: the rules of production, and around them what stands for sockets, timers and Raft. */
final class Node extends Actor implements EventSink {
    /** How long it may take to read its own log. */
    private static final long SLOW_START_NANOS = 2 * World.SECOND;

    final String nodeId;
    private final Simulation simulation;
    private final World world;
    MembershipState state;
    NodeHeartbeats heartbeats;
    int appliedTo = -1;

    /** How long this node takes until it applies what it has got. */
    long lagNanos = World.MILLI;

    /** Up to where it has the log itself, on its disk. */
    private int receivedTo = -1;

    private long bootId;
    private long beats;
    private @Nullable Leading leading;
    private byte @Nullable [] disk;
    private int diskTo = -1;

    Node(Simulation simulation, int place, Clock clock) {
        super(place, clock);
        this.simulation = simulation;
        this.world = simulation.world;
        this.nodeId = "node-" + place;
        this.state = SimulatedState.create(Simulation.CLUSTER, simulation.parts);
        this.heartbeats = new NodeHeartbeats(simulation, this);
    }

    @Override
    String name() {
        return nodeId;
    }

    long clockNow() {
        return clock.at(world.now());
    }

    void start() {
        alive = true;
        bootId = world.random.nextLong();
        beats = 0;
        leading = null;
        heartbeats = new NodeHeartbeats(simulation, this);
        world.timer(this, world.now() + world.between(0, 100 * World.MILLI), this::beat);
        world.timer(this, world.now() + world.between(0, 100 * World.MILLI), this::lead);
        world.timer(this, world.now() + world.between(0, SLOW_START_NANOS), this::fetch);
    }

    /** The process ends. With its memory goes the state, but for what is on the disk. */
    void crash(boolean losesDisk) {
        die();
        if (simulation.log.leader == place) {
            simulation.log.leader = -1;
        }
        if (losesDisk) {
            disk = null;
            diskTo = -1;
            receivedTo = -1;
        }
    }

    void restart() {
        byte[] saved = disk;
        state = saved == null
                ? SimulatedState.create(Simulation.CLUSTER, simulation.parts)
                : SimulatedState.restore(saved, Simulation.CLUSTER, simulation.parts);
        appliedTo = diskTo;
        start();
        if (saved != null) {
            reconcile();
        }
    }

    void save() {
        disk = SimulatedState.snapshot(state);
        diskTo = appliedTo;
    }

    // ---- the log

    private boolean canFetch() {
        int leader = simulation.log.leader;
        return leader >= 0
                && simulation.log.configured().contains(place)
                && (leader == place || world.reaches(leader, place));
    }

    /** Takes what is agreed on, as far as it can be had, and applies what is due. */
    void fetch() {
        if (canFetch()) {
            if (simulation.log.size() - receivedTo > Simulation.KEPT_ENTRIES) {
                install();
            }
            receivedTo = simulation.log.size() - 1;
        }
        applyDue();
    }

    private void applyDue() {
        while (runs() && appliedTo < receivedTo) {
            int index = appliedTo + 1;
            long dueNanos = simulation.log.agreedNanos(index) + lagNanos;
            if (dueNanos > world.now()) {
                world.timer(this, dueNanos, this::applyDue);
                return;
            }
            appliedTo = index;
            List<Result> results = state.apply(simulation.log.entry(index), index, this);
            simulation.log.applied(index, results);
        }
    }

    private void install() {
        Optional<Node> from = simulation.mostRecent().filter(node -> node.appliedTo > appliedTo);
        if (from.isPresent()) {
            state = SimulatedState.restore(
                    SimulatedState.snapshot(from.get().state), Simulation.CLUSTER, simulation.parts);
            appliedTo = from.get().appliedTo;
            receivedTo = Math.max(receivedTo, appliedTo);
            reconcile();
        }
    }

    private void reconcile() {
        others();
        heartbeats.reconcile(charges());
    }

    private List<Charge> charges() {
        List<Charge> charges = new ArrayList<>();
        state.node(nodeId)
                .ifPresent(me -> state.forEachMonitoredBy(
                        me.slot(),
                        (group, member) ->
                                charges.add(new Charge(group.group(), member, state.policy(group.group())))));
        return charges;
    }

    /** The monitor watches just those that the state gives to this node, each under the epoch that the state says. */
    void watchesWhatItShould() {
        List<Charge> charges = charges();
        if (heartbeats.monitor.watches().size() != charges.size()) {
            throw new Violation("completeness: " + nodeId + " watches "
                    + heartbeats.monitor.watches().size() + " members, and is to watch " + charges.size());
        }
        for (Charge charge : charges) {
            MemberWatch watch = heartbeats.monitor.find(charge.member().incarnation());
            if (watch == null || watch.epoch() != charge.member().assignmentEpoch()) {
                throw new Violation(
                        "completeness: " + nodeId + " does not watch " + NodeHeartbeats.describe(charge.member()));
            }
        }
    }

    private void others() {
        heartbeats.monitor.setOthers(state.nodes().stream()
                .filter(NodeRecord::live)
                .map(NodeRecord::nodeId)
                .toList());
    }

    // ---- what applying changes

    @Override
    public void viewChanged(ViewChange change) {
        simulation.checks.installed(this, change);
    }

    @Override
    public void assigned(GroupKey group, Member member) {
        if (isMine(member)) {
            world.tell(() -> nodeId + " monitors " + NodeHeartbeats.describe(member));
            heartbeats.assigned(new Charge(group, member, state.policy(group)));
        } else {
            heartbeats.monitor.gone(member.incarnation());
        }
    }

    private boolean isMine(Member member) {
        return state.node(nodeId).map(me -> me.slot() == member.monitorSlot()).orElse(false);
    }

    @Override
    public void gone(GroupKey group, Member member) {
        heartbeats.monitor.gone(member.incarnation());
    }

    @Override
    public void revoked(GroupKey group, Member member) {
        heartbeats.monitor.revoked(member, clockNow());
    }

    @Override
    public void policyChanged(GroupKey group, GroupPolicy policy) {
        heartbeats.monitor.policyChanged(group, policy, clockNow());
    }

    @Override
    public void nodeChanged(NodeRecord node) {
        world.tell(() -> nodeId + " applies: " + node.nodeId() + (node.live() ? " live" : " down"));
        others();
    }

    @Override
    public void ticked(String ofNode, long nonce) {
        if (ofNode.equals(nodeId)) {
            heartbeats.monitor.ticked(nonce);
        }
    }

    // ---- beats

    private void beat() {
        world.timer(this, world.now() + (long) (simulation.timing.tickMillis() * World.MILLI / 1.05), this::beat);
        if (state.node(nodeId).isEmpty()) {
            simulation.raft.propose(
                    this, new Command.NodeUp(nodeId, nodeId, nodeId, NodeRecord.hashKey(nodeId, nodeId, "simulated")));
            return;
        }
        long nonce = simulation.parts.nonce(world.random, beats++);
        heartbeats.monitor.beat(nonce, clockNow());
        Command.Beat beat = new Command.Beat(nodeId, bootId, nonce, appliedTo);
        Map<GroupKey, Integer> missing = heartbeats.monitor.missing();
        simulation.toLeader(this, leader -> leader.heard(beat, missing));
    }

    private void heard(Command.Beat beat, Map<GroupKey, Integer> missing) {
        if (leading != null) {
            leading.heard(beat, missing);
        }
    }

    // ---- leading

    /** It leads, or believes so: one that was deposed finds out late. */
    void setLeads(boolean now) {
        leading = now ? new Leading(simulation, this) : null;
    }

    boolean leads() {
        return leading != null;
    }

    private void lead() {
        world.timer(this, world.now() + 50 * World.MILLI, this::lead);
        if (leading != null) {
            leading.turn();
        }
    }

    void suspected(Command.Target target) {
        if (leading != null) {
            leading.suspected(target);
        }
    }

    /** The kubelet's word: the process of this incarnation has ended, nothing needs to be waited for. */
    void hearsOfTheEnd(GroupKey group, String memberId, long incarnation) {
        state.member(group, memberId)
                .filter(member -> member.incarnation() == incarnation)
                .ifPresent(member -> simulation.raft.propose(
                        this,
                        new Command.Remove(List.of(new Command.Target(
                                group,
                                memberId,
                                incarnation,
                                member.assignmentEpoch(),
                                LeaveReason.CRASHED,
                                Evidence.NONE)))));
    }
}
