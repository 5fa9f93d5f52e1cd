package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.EventSink;
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
import io.groupmembership.membership.detection.Cut;
import io.groupmembership.membership.detection.MemberWatch;
import io.groupmembership.membership.detection.MonitorActions;
import io.groupmembership.membership.detection.NodeMonitor;
import io.groupmembership.membership.detection.NodeRoll;
import io.groupmembership.membership.detection.PeerProbe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One node of the cluster: the rules of production, and around them what stands for sockets, timers and Raft. */
final class Node extends Actor implements EventSink, MonitorActions {
    final int place;
    final String nodeId;
    private final Simulation simulation;
    private final World world;
    MembershipState state;
    NodeMonitor monitor;
    int appliedTo = -1;

    /** How long this node takes until it applies what it has got. */
    long lagNanos = World.MILLI;

    /** Up to where it has the log itself, on its disk. */
    private int receivedTo = -1;

    /** How long it may take to read its own log. */
    private static final long SLOW_START_NANOS = 2 * World.SECOND;

    private long bootId;
    private long beats;
    private boolean leads;
    private @Nullable NodeRoll roll;
    private @Nullable Cut cut;
    private byte @Nullable [] disk;
    private int diskTo = -1;
    private final Map<Long, Long> timers = new HashMap<>();
    private final Map<Long, PeerProbe> probes = new HashMap<>();

    Node(Simulation simulation, int place, Clock clock) {
        super(clock);
        this.simulation = simulation;
        this.world = simulation.world;
        this.place = place;
        this.nodeId = "node-" + place;
        this.state = SimulatedState.create(Simulation.CLUSTER, simulation.parts);
        this.monitor = newMonitor();
    }

    private long clockNow() {
        return clock.at(world.now());
    }

    private NodeMonitor newMonitor() {
        return simulation.parts.nodeMonitor(
                nodeId,
                Simulation.TIMING,
                this,
                charge -> world.between(0, charge.policy().intervalMillis() * World.MILLI),
                this::clockNow);
    }

    void start() {
        alive = true;
        bootId = world.random.nextLong();
        beats = 0;
        leads = false;
        monitor = newMonitor();
        timers.clear();
        probes.clear();
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
            simulation.applied(this, index, results);
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
        List<Charge> charges = new ArrayList<>();
        state.node(nodeId)
                .ifPresent(me -> state.forEachMonitoredBy(
                        me.slot(),
                        (group, member) ->
                                charges.add(new Charge(group.group(), member, state.policy(group.group())))));
        others();
        NodeMonitor.Reconciled changed = monitor.reconcile(charges, clockNow());
        changed.begun().forEach(this::sooner);
    }

    private void others() {
        monitor.setOthers(state.nodes().stream()
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
            world.tell(() -> nodeId + " monitors " + member.memberId() + " " + member.incarnation() + " epoch "
                    + member.assignmentEpoch());
            monitor.assigned(new Charge(group, member, state.policy(group)), clockNow())
                    .ifPresent(this::sooner);
        } else {
            monitor.gone(member.incarnation());
        }
    }

    private boolean isMine(Member member) {
        return state.node(nodeId).map(me -> me.slot() == member.monitorSlot()).orElse(false);
    }

    @Override
    public void gone(GroupKey group, Member member) {
        monitor.gone(member.incarnation());
    }

    @Override
    public void revoked(GroupKey group, Member member) {
        monitor.revoked(member, clockNow());
    }

    @Override
    public void policyChanged(GroupKey group, GroupPolicy policy) {
        monitor.policyChanged(group, policy, clockNow());
    }

    @Override
    public void nodeChanged(NodeRecord node) {
        world.tell(() -> nodeId + " applies: " + node.nodeId() + (node.live() ? " live" : " down"));
        others();
    }

    @Override
    public void ticked(String ofNode, long nonce) {
        if (ofNode.equals(nodeId)) {
            monitor.ticked(nonce);
        }
    }

    // ---- beats

    private void beat() {
        world.timer(this, world.now() + (long) (Simulation.TIMING.tickMillis() * World.MILLI / 1.05), this::beat);
        if (state.node(nodeId).isEmpty()) {
            simulation.propose(
                    this, new Command.NodeUp(nodeId, nodeId, nodeId, NodeRecord.hashKey(nodeId, nodeId, "simulated")));
            return;
        }
        long nonce = simulation.parts.nonce(world.random, beats++);
        monitor.beat(nonce, clockNow());
        Command.Beat beat = new Command.Beat(nodeId, bootId, nonce, appliedTo);
        Map<GroupKey, Integer> missing = monitor.missing();
        simulation.toLeader(this, leader -> leader.heard(beat, missing));
    }

    private void heard(Command.Beat beat, Map<GroupKey, Integer> missing) {
        if (roll != null && cut != null) {
            roll.heard(beat, configured(), clockNow());
            cut.missing(beat.nodeId(), missing, clockNow());
        }
    }

    private Set<String> configured() {
        return simulation.log.configured().stream()
                .map(number -> simulation.nodes().get(number).nodeId)
                .collect(Collectors.toSet());
    }

    // ---- leading

    /** It leads, or believes so: one that was deposed finds out late. */
    void setLeads(boolean now) {
        leads = now;
        roll = now ? simulation.parts.nodeRoll(Simulation.TIMING, clockNow()) : null;
        cut = now ? new Cut(Simulation.TIMING) : null;
    }

    boolean leads() {
        return leads;
    }

    private void lead() {
        world.timer(this, world.now() + 50 * World.MILLI, this::lead);
        if (!leads || roll == null || cut == null) {
            return;
        }
        roll.turn(simulation.log.size() - 1L, state.nodes(), clockNow())
                .forEach(command -> simulation.propose(this, command));
        List<Command.Target> due = cut.due(state, clockNow());
        if (!due.isEmpty()) {
            simulation.propose(this, new Command.Remove(due));
        }
    }

    // ---- heartbeats

    @Override
    public void sooner(MemberWatch watch) {
        long token = world.events();
        timers.put(watch.incarnation(), token);
        world.timer(this, clock.trueTimeOf(watch.dueNanos()), () -> turn(watch, token));
    }

    private void turn(MemberWatch watch, long token) {
        if (Objects.equals(timers.get(watch.incarnation()), token) && monitor.find(watch.incarnation()) == watch) {
            monitor.turn(watch, clockNow(), false);
            if (Objects.equals(timers.get(watch.incarnation()), token)) {
                sooner(watch);
            }
        }
    }

    @Override
    public void ping(MemberWatch watch, long sequence) {
        int epoch = watch.epoch();
        simulation.toMember(
                this, watch.charge().member(), member -> member.pinged(this, watch.incarnation(), epoch, sequence));
    }

    void acked(long incarnation, int epoch, long ackSequence, long ackSentNanos) {
        MemberWatch watch = monitor.find(incarnation);
        if (watch != null) {
            monitor.acked(watch, epoch, ackSequence, ackSentNanos, clockNow());
        }
    }

    @Override
    public void confirm(MemberWatch watch, long sequence, long ackSentNanos, long leaseNanos) {
        int epoch = watch.epoch();
        simulation.toMember(
                this,
                watch.charge().member(),
                member -> member.confirmed(watch.incarnation(), epoch, sequence, ackSentNanos, leaseNanos));
    }

    @Override
    public void suspect(MemberWatch watch, LeaveReason reason) {
        simulation.suspected.accept(this);
        Member member = watch.charge().member();
        world.tell(() -> nodeId + " suspects " + member.memberId() + " " + member.incarnation() + " epoch "
                + member.assignmentEpoch() + " " + reason);
        Command.Target target = new Command.Target(
                watch.charge().group(),
                member.memberId(),
                member.incarnation(),
                member.assignmentEpoch(),
                reason,
                monitor.evidence(watch, clockNow(), Map.of()));
        simulation.toLeader(this, leader -> leader.suspected(target));
    }

    private void suspected(Command.Target target) {
        if (cut != null) {
            cut.suspected(target, clockNow());
        }
    }

    @Override
    public void assign(MemberWatch watch, String to, boolean heard) {
        Member member = watch.charge().member();
        world.tell(() -> nodeId + " wants " + member.memberId() + " " + member.incarnation() + " epoch "
                + member.assignmentEpoch() + " given to " + to + (heard ? ", heard" : ", unheard"));
        simulation.propose(
                this,
                new Command.Assign(List.of(new Command.Assignment(
                        watch.charge().group(),
                        member.memberId(),
                        member.incarnation(),
                        member.assignmentEpoch(),
                        to,
                        heard))));
    }

    // ---- probes for others

    @Override
    public void askPeers(MemberWatch watch) {
        Member member = watch.charge().member();
        long intervalNanos = watch.intervalNanos();
        simulation.toOthers(this, peer -> peer.probe(this, member, intervalNanos));
    }

    private void probe(Node asker, Member member, long intervalNanos) {
        PeerProbe probe = new PeerProbe(intervalNanos, clockNow());
        probes.put(member.incarnation(), probe);
        probeTurn(asker, member, probe);
    }

    private void probeTurn(Node asker, Member member, PeerProbe probe) {
        switch (probe.turn(clockNow())) {
            case PING -> {
                simulation.toMember(
                        this,
                        member,
                        it -> it.probed(this, member.incarnation(), () -> {
                            if (probe.answered()) {
                                tell(asker, member, true);
                            }
                        }));
                world.timer(this, clock.trueTimeOf(probe.dueNanos()), () -> probeTurn(asker, member, probe));
            }
            case FAILED -> tell(asker, member, false);
            case NOTHING -> {}
        }
    }

    private void tell(Node asker, Member member, boolean reached) {
        simulation.toNode(
                this,
                asker,
                () -> asker.monitor.probed(
                        member.incarnation(), member.assignmentEpoch(), nodeId, reached, asker.clockNow()));
    }
}
