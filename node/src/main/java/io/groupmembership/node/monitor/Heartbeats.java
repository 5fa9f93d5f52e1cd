package io.groupmembership.node.monitor;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.detection.MemberWatch;
import io.groupmembership.membership.detection.MonitorActions;
import io.groupmembership.membership.detection.NodeMonitor;
import io.groupmembership.node.monitor.GroupViews.GroupView;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.protocol.heartbeat.MemberHash;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The members that have a lease: carries out what {@link NodeMonitor} decides, by UDP, and gathers what others are to be
 * told. It belongs to the event loop.
 */
final class Heartbeats implements MonitorActions {
    /** One member with a lease. */
    private final class Leased extends Timed {
        private final MonitoredMember member;
        private final MemberWatch watch;
        private final GroupView group;
        private final Place place;
        private final KeyChoice keys;
        private final long memberHash;

        Leased(MonitoredMember member, MemberWatch watch, long nowNanos) {
            this.member = member;
            this.watch = watch;
            this.group = groups.acquire(member);
            this.place = Place.of(member, hosts, nowNanos);
            this.keys = memberKeys.of(member);
            this.memberHash = MemberHash.of(member.namespace(), member.group(), member.memberId());
        }

        @Override
        long take(long nowNanos) {
            meter.lag(nowNanos - watch.dueNanos());
            monitor.turn(watch, nowNanos, unread);
            return watch.dueNanos();
        }
    }

    private final LongSupplier clock;
    private final UdpSocket udp;
    private final HostResolver hosts;
    private final GroupViews groups;
    private final Wheel wheel;
    private final LoopMeter meter;
    private final MemberKeys memberKeys;
    private final String nodeId;
    private final NodeMonitor monitor;
    private final Long2ObjectHashMap<Leased> byIncarnation = new Long2ObjectHashMap<>();
    private final Datagram out = new Datagram();
    private final DatagramSeal seal = new DatagramSeal();
    private List<Command.Target> suspected = new ArrayList<>();
    private List<Command.Assignment> assignments = new ArrayList<>();
    private List<PeerMessage.Question> questions = new ArrayList<>();
    private boolean unread;

    /** Makes the rules that decide what is done here. */
    interface Rules {
        NodeMonitor monitor(MonitorActions actions);
    }

    Heartbeats(
            LongSupplier clock,
            UdpSocket udp,
            HostResolver hosts,
            GroupViews groups,
            Wheel wheel,
            LoopMeter meter,
            MemberKeys memberKeys,
            String nodeId,
            Rules rules) {
        this.clock = clock;
        this.udp = udp;
        this.hosts = hosts;
        this.groups = groups;
        this.wheel = wheel;
        this.meter = meter;
        this.memberKeys = memberKeys;
        this.nodeId = nodeId;
        this.monitor = rules.monitor(this);
    }

    int size() {
        return byIncarnation.size();
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
        Leased before = byIncarnation.get(member.incarnation());
        if (before != null && before.watch.epoch() >= member.assignmentEpoch()) {
            if (before.watch.epoch() == member.assignmentEpoch()) {
                changed(before, member, nowNanos);
            }
            return;
        }
        if (before != null) {
            end(before);
        }
        monitor.assigned(member.charge(), nowNanos).ifPresent(watch -> begin(member, watch, nowNanos));
    }

    private void changed(Leased leased, MonitoredMember member, long nowNanos) {
        leased.group.view = Math.max(leased.group.view, member.view());
        if (!leased.watch.policy().equals(member.charge().policy())) {
            monitor.policyChanged(leased.watch, member.charge().policy());
        }
        if (member.charge().member().revocation() != null) {
            monitor.revoked(member.charge().member(), nowNanos);
        }
    }

    private void begin(MonitoredMember member, MemberWatch watch, long nowNanos) {
        Leased leased = new Leased(member, watch, nowNanos);
        byIncarnation.put(member.incarnation(), leased);
        wheel.set(leased, watch.dueNanos());
    }

    void forget(long incarnation) {
        Leased leased = byIncarnation.get(incarnation);
        if (leased != null) {
            monitor.gone(incarnation);
            end(leased);
        }
    }

    private void end(Leased leased) {
        byIncarnation.remove(leased.member.incarnation());
        wheel.cancel(leased);
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
        changed.begun().forEach(watch -> begin(wanted.get(watch.incarnation()), watch, nowNanos));
        members.forEach(member -> {
            Leased leased = byIncarnation.get(member.incarnation());
            if (leased != null) {
                leased.group.view = Math.max(leased.group.view, member.view());
            }
        });
    }

    // ---- what comes in

    /** An ack, well formed. The time is asked for behind its arrival: a lease is waited out from then. */
    void acked(Datagram ack) {
        Leased leased = byIncarnation.get(ack.incarnation());
        HeartbeatKey key =
                leased == null || ack.memberHash() != leased.memberHash ? null : leased.keys.find(ack.keyId());
        if (leased == null || key == null) {
            meter.strayAcks++;
            return;
        }
        if (!seal.isAuthentic(ack, key)) {
            meter.forged++;
            return;
        }
        leased.keys.answered(key);
        if (monitor.acked(leased.watch, ack.epoch(), ack.sequence(), ack.memberSentNanos(), clock.getAsLong())) {
            meter.ack();
        } else {
            meter.strayAcks++;
        }
    }

    // ---- what the rules want

    @Override
    public void ping(MemberWatch watch, long sequence) {
        Leased leased = byIncarnation.get(watch.incarnation());
        if (leased == null) {
            return;
        }
        Optional<InetSocketAddress> target = leased.place.target();
        if (target.isEmpty()) {
            hosts.refresh(leased.place.host(), clock.getAsLong());
            if (leased.place.host().problem().isEmpty()) {
                // the first lookup is under way
                watch.unsent();
            }
            return;
        }
        HeartbeatKey key = leased.keys.next();
        out.bePing(key.id(), leased.memberHash, watch.incarnation(), watch.epoch(), sequence, leased.group.view, (int)
                TimeUnit.NANOSECONDS.toMillis(watch.partNanos()));
        if (send(key, target.get())) {
            meter.pingsSent++;
        } else {
            watch.unsent();
        }
    }

    /** False where the socket's buffer is full. What the network refuses to carry is as good as lost. */
    private boolean send(HeartbeatKey key, InetSocketAddress target) {
        seal.seal(out, key);
        try {
            if (udp.send(out, target)) {
                return true;
            }
            meter.unsent++;
            return false;
        } catch (IOException e) {
            meter.sendFailures++;
            return true;
        }
    }

    @Override
    public void confirm(MemberWatch watch, long sequence, long ackSentNanos, long leaseNanos) {
        Leased leased = byIncarnation.get(watch.incarnation());
        if (leased != null) {
            leased.place.target().ifPresent(target -> {
                HeartbeatKey key = leased.keys.chosen();
                out.beConfirmation(
                        key.id(),
                        leased.memberHash,
                        watch.incarnation(),
                        watch.epoch(),
                        sequence,
                        leased.group.view,
                        (int) TimeUnit.NANOSECONDS.toMillis(leaseNanos),
                        ackSentNanos);
                // one that finds no room is lost, as others are: the next ack is confirmed too
                boolean _ = send(key, target);
                meter.confirmations++;
            });
        }
    }

    @Override
    public void askPeers(MemberWatch watch) {
        meter.misses++;
        Leased leased = byIncarnation.get(watch.incarnation());
        if (leased != null) {
            hosts.refresh(leased.place.host(), clock.getAsLong());
            questions.add(new PeerMessage.Question(
                    watch.charge().group(), leased.member.memberId(), watch.incarnation(), watch.epoch()));
        }
    }

    @Override
    public void suspect(MemberWatch watch, LeaveReason reason) {
        Leased leased = byIncarnation.get(watch.incarnation());
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
                leased.place
                        .host()
                        .problem()
                        .map(problem -> with(problem, evidence))
                        .orElse(evidence)));
    }

    private Evidence with(String problem, Evidence evidence) {
        List<Evidence.Probe> probes = new ArrayList<>(evidence.probes());
        probes.add(new Evidence.Probe(nodeId, "dns", problem));
        return new Evidence(evidence.lastAckMillisAgo(), probes, new TreeMap<>(evidence.monitorHealth()));
    }

    @Override
    public void assign(MemberWatch watch, String to, boolean heard) {
        Leased leased = byIncarnation.get(watch.incarnation());
        if (leased != null) {
            assignments.add(new Command.Assignment(
                    watch.charge().group(), leased.member.memberId(), watch.incarnation(), watch.epoch(), to, heard));
        }
    }

    @Override
    public void sooner(MemberWatch watch) {
        Leased leased = byIncarnation.get(watch.incarnation());
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
