package io.groupmembership.node.monitor;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.detection.MemberWatch;
import io.groupmembership.membership.detection.MonitorActions;
import io.groupmembership.membership.detection.NodeMonitor;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The members that have a lease: carries out what {@link NodeMonitor} decides, and gathers what others are to be
 * told. It belongs to the event loop.
 */
final class Heartbeats implements MonitorActions {
    private final Wire wire;
    private final LongSupplier clock;
    private final HostResolver hosts;
    private final LoopMeter meter;
    private final GroupViews groups;
    private final Wheel wheel;
    private final String nodeId;
    private final NodeMonitor monitor;
    private final Long2ObjectHashMap<LeasedMember> byIncarnation = new Long2ObjectHashMap<>();
    private List<Command.Target> suspected = new ArrayList<>();
    private List<Command.Assignment> assignments = new ArrayList<>();
    private List<PeerMessage.Question> questions = new ArrayList<>();
    private boolean unread;
    private int carriedByTcp;

    /** The path of the ack in hand, which its confirmation goes by. */
    private DatagramPath ackedBy = DatagramPath.UDP;

    /** Makes the rules that decide what is done here. */
    interface Rules {
        NodeMonitor monitor(MonitorActions actions);
    }

    Heartbeats(Wire wire, GroupViews groups, Wheel wheel, String nodeId, Rules rules) {
        this.wire = wire;
        this.clock = wire.clock();
        this.hosts = wire.hosts();
        this.meter = wire.meter();
        this.groups = groups;
        this.wheel = wheel;
        this.nodeId = nodeId;
        this.monitor = rules.monitor(this);
    }

    int size() {
        return byIncarnation.size();
    }

    /** Members whose newest ack came by TCP. */
    int carriedByTcp() {
        return carriedByTcp;
    }

    NodeMonitor monitor() {
        return monitor;
    }

    /** Whether acks may have come in that were not read yet. */
    void setUnread(boolean isUnread) {
        unread = isUnread;
    }

    // ---- who is watched

    void monitor(MonitoredMember member, long nowNanos) {
        LeasedMember before = byIncarnation.get(member.incarnation());
        if (before != null && before.watch.epoch() >= member.assignmentEpoch()) {
            if (before.watch.epoch() == member.assignmentEpoch()) {
                changed(before, member, nowNanos);
            }
            return;
        }
        if (before != null) {
            end(before);
        }
        monitor.assigned(member.charge(), nowNanos).ifPresent(watch -> begin(member, watch));
    }

    private void changed(LeasedMember leased, MonitoredMember member, long nowNanos) {
        leased.group.view = Math.max(leased.group.view, member.view());
        if (!leased.watch.policy().equals(member.charge().policy())) {
            monitor.policyChanged(leased.watch, member.charge().policy());
        }
        if (member.charge().member().revocation() != null) {
            monitor.revoked(member.charge().member(), nowNanos);
        }
    }

    private void begin(MonitoredMember member, MemberWatch watch) {
        LeasedMember leased = new LeasedMember(member, watch, groups.acquire(member), this, wire);
        byIncarnation.put(member.incarnation(), leased);
        wheel.set(leased, watch.dueNanos());
    }

    void forget(long incarnation) {
        LeasedMember leased = byIncarnation.get(incarnation);
        if (leased != null) {
            monitor.gone(incarnation);
            end(leased);
        }
    }

    private void end(LeasedMember leased) {
        byIncarnation.remove(leased.member.incarnation());
        wheel.cancel(leased);
        leased.close();
        carriedByTcp -= leased.isCarriedByTcp() ? 1 : 0;
        hosts.release(leased.place.host());
        groups.release(leased.group);
    }

    /** The state was replaced by one that others sent. */
    void reconcile(Collection<MonitoredMember> members, long nowNanos) {
        Long2ObjectHashMap<MonitoredMember> wanted = new Long2ObjectHashMap<>();
        members.forEach(member -> wanted.put(member.incarnation(), member));
        NodeMonitor.Reconciled changed =
                monitor.reconcile(members.stream().map(MonitoredMember::charge).toList(), nowNanos);
        changed.ended().forEach(watch -> end(byIncarnation.get(watch.incarnation())));
        changed.begun().forEach(watch -> begin(wanted.get(watch.incarnation()), watch));
        members.forEach(member -> {
            LeasedMember leased = byIncarnation.get(member.incarnation());
            if (leased != null) {
                leased.group.view = Math.max(leased.group.view, member.view());
            }
        });
    }

    // ---- turns, and what comes in

    /** Gives a member its turn, and returns when the next one is. */
    long turn(LeasedMember leased, long nowNanos) {
        meter.lag(nowNanos - leased.watch.dueNanos());
        monitor.turn(leased.watch, nowNanos, unread);
        return leased.watch.dueNanos();
    }

    /** An ack by UDP, well formed. */
    void acked(Datagram ack) {
        LeasedMember leased = byIncarnation.get(ack.incarnation());
        if (leased == null) {
            meter.strayAcks++;
        } else {
            boolean _ = leased.acked(ack, DatagramPath.UDP);
        }
    }

    /** An authentic ack; whether it counts. */
    boolean acked(LeasedMember leased, Datagram ack, DatagramPath by) {
        ackedBy = by;
        boolean counts =
                monitor.acked(leased.watch, ack.epoch(), ack.sequence(), ack.memberSentNanos(), clock.getAsLong());
        if (counts && leased.isCarriedByTcp() != (by == DatagramPath.TCP)) {
            carriedByTcp += by == DatagramPath.TCP ? 1 : -1;
        }
        return counts;
    }

    // ---- what the rules want

    @Override
    public void ping(MemberWatch watch, long sequence) {
        LeasedMember leased = byIncarnation.get(watch.incarnation());
        if (leased != null) {
            leased.ping(sequence);
        }
    }

    @Override
    public void confirm(MemberWatch watch, long sequence, long ackSentNanos, long leaseNanos) {
        LeasedMember leased = byIncarnation.get(watch.incarnation());
        if (leased != null) {
            leased.confirm(ackedBy, sequence, ackSentNanos, leaseNanos);
        }
    }

    @Override
    public void askPeers(MemberWatch watch) {
        meter.misses++;
        LeasedMember leased = byIncarnation.get(watch.incarnation());
        if (leased != null) {
            hosts.refresh(leased.place.host(), clock.getAsLong());
            questions.add(new PeerMessage.Question(
                    watch.charge().group(), leased.member.memberId(), watch.incarnation(), watch.epoch()));
        }
    }

    @Override
    public void suspect(MemberWatch watch, LeaveReason reason) {
        LeasedMember leased = byIncarnation.get(watch.incarnation());
        if (leased == null) {
            return;
        }
        meter.reports++;
        Evidence evidence = monitor.evidence(watch, clock.getAsLong(), meter.health(size()));
        suspected.add(new Command.Target(
                watch.charge().group(),
                leased.member.memberId(),
                watch.incarnation(),
                watch.epoch(),
                reason,
                leased.with(evidence, nodeId)));
    }

    @Override
    public void assign(MemberWatch watch, String to, boolean heard) {
        LeasedMember leased = byIncarnation.get(watch.incarnation());
        if (leased != null) {
            assignments.add(new Command.Assignment(
                    watch.charge().group(), leased.member.memberId(), watch.incarnation(), watch.epoch(), to, heard));
        }
    }

    @Override
    public void sooner(MemberWatch watch) {
        LeasedMember leased = byIncarnation.get(watch.incarnation());
        if (leased != null && leased.watch == watch) {
            wheel.set(leased, watch.dueNanos());
        }
    }

    // ---- what others are to be told

    /** Tells it, and forgets it. */
    void tell(MonitorListener listener) {
        if (!suspected.isEmpty()) {
            List<Command.Target> told = suspected;
            suspected = new ArrayList<>();
            listener.suspected(told);
        }
        if (!assignments.isEmpty()) {
            List<Command.Assignment> told = assignments;
            assignments = new ArrayList<>();
            listener.reassign(told);
        }
        if (!questions.isEmpty()) {
            List<PeerMessage.Question> told = questions;
            questions = new ArrayList<>();
            listener.ask(told);
        }
    }
}
