package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.detection.Charge;
import io.groupmembership.membership.detection.MemberWatch;
import io.groupmembership.membership.detection.MonitorActions;
import io.groupmembership.membership.detection.NodeMonitor;
import io.groupmembership.membership.detection.PeerProbe;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What stands for the sockets and timers of a node around the monitor of production, in one life of the process. */
final class NodeHeartbeats implements MonitorActions {
    private final Simulation simulation;
    private final World world;
    private final Node node;
    private final Map<Long, Long> timers = new HashMap<>();
    final NodeMonitor monitor;

    NodeHeartbeats(Simulation simulation, Node node) {
        this.simulation = simulation;
        this.world = simulation.world;
        this.node = node;
        this.monitor = simulation.parts.nodeMonitor(
                node.nodeId,
                simulation.timing,
                this,
                charge -> world.between(0, charge.policy().intervalMillis() * World.MILLI),
                node::clockNow);
    }

    // ---- what the state says

    void assigned(Charge charge) {
        monitor.assigned(charge, node.clockNow()).ifPresent(this::sooner);
    }

    void reconcile(Collection<Charge> charges) {
        monitor.reconcile(charges, node.clockNow()).begun().forEach(this::sooner);
    }

    // ---- timers

    @Override
    public void sooner(MemberWatch watch) {
        long token = world.events();
        timers.put(watch.incarnation(), token);
        world.timer(node, node.clock.trueTimeOf(watch.dueNanos()), () -> turn(watch, token));
    }

    private void turn(MemberWatch watch, long token) {
        if (Objects.equals(timers.get(watch.incarnation()), token) && monitor.find(watch.incarnation()) == watch) {
            monitor.turn(watch, node.clockNow(), node.hasUnread());
            if (Objects.equals(timers.get(watch.incarnation()), token)) {
                sooner(watch);
            }
        }
    }

    // ---- pings, acks, confirmations

    @Override
    public void ping(MemberWatch watch, long sequence) {
        int epoch = watch.epoch();
        long repeatNanos = watch.partNanos();
        simulation.toMember(
                node,
                watch.charge().member(),
                member -> member.pinged(node, watch.incarnation(), epoch, sequence, repeatNanos));
    }

    void acked(long incarnation, int epoch, long ackSequence, long ackSentNanos) {
        MemberWatch watch = monitor.find(incarnation);
        if (watch != null) {
            monitor.acked(watch, epoch, ackSequence, ackSentNanos, node.clockNow());
        }
    }

    @Override
    public void confirm(MemberWatch watch, long sequence, long ackSentNanos, long leaseNanos) {
        int epoch = watch.epoch();
        simulation.toMember(
                node,
                watch.charge().member(),
                member -> member.confirmed(watch.incarnation(), epoch, sequence, ackSentNanos, leaseNanos));
    }

    // ---- what is said of members

    @Override
    public void suspect(MemberWatch watch, LeaveReason reason) {
        simulation.whenSuspected.forEach(listener -> listener.accept(node));
        Member member = watch.charge().member();
        world.tell(() -> node.name() + " suspects " + describe(member) + " " + reason);
        Command.Target target = new Command.Target(
                watch.charge().group(),
                member.memberId(),
                member.incarnation(),
                member.assignmentEpoch(),
                reason,
                monitor.evidence(watch, node.clockNow(), Map.of()));
        simulation.toLeader(node, leader -> leader.suspected(target));
    }

    @Override
    public void assign(MemberWatch watch, String to, boolean heard) {
        Member member = watch.charge().member();
        world.tell(() ->
                node.name() + " wants " + describe(member) + " given to " + to + (heard ? ", heard" : ", unheard"));
        simulation.raft.propose(
                node,
                new Command.Assign(List.of(new Command.Assignment(
                        watch.charge().group(),
                        member.memberId(),
                        member.incarnation(),
                        member.assignmentEpoch(),
                        to,
                        heard))));
    }

    static String describe(Member member) {
        return member.memberId() + " " + member.incarnation() + " epoch " + member.assignmentEpoch();
    }

    // ---- probes for others

    @Override
    public void askPeers(MemberWatch watch) {
        Member member = watch.charge().member();
        long intervalNanos = watch.intervalNanos();
        simulation.toOthers(
                node, peer -> peer.heartbeats.probe(node, member, new PeerProbe(intervalNanos, peer.clockNow())));
    }

    private void probe(Node asker, Member member, PeerProbe probe) {
        switch (probe.turn(node.clockNow())) {
            case PING -> {
                simulation.toMember(
                        node,
                        member,
                        it -> it.probed(node, member.incarnation(), () -> {
                            if (probe.answered()) {
                                tell(asker, member, true);
                            }
                        }));
                world.timer(node, node.clock.trueTimeOf(probe.dueNanos()), () -> probe(asker, member, probe));
            }
            case FAILED -> tell(asker, member, false);
            case NOTHING -> {}
        }
    }

    private void tell(Node asker, Member member, boolean reached) {
        simulation.toNode(
                node,
                asker,
                () -> asker.heartbeats.monitor.probed(
                        member.incarnation(), member.assignmentEpoch(), node.nodeId, reached, asker.clockNow()));
    }
}
