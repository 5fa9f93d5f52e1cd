package io.groupmembership.node.monitor;

import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.detection.MemberWatch;
import io.groupmembership.node.monitor.GroupViews.GroupView;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramPath;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.protocol.heartbeat.MemberHash;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One member with a lease: where it is, the path that {@link HeartbeatPath} wants for it, and the datagrams for it and
 * from it. There is a connection to it only while TCP carries it or a ping of it is not answered. It belongs to the
 * event loop.
 */
final class LeasedMember extends Timed implements TcpLine.Owner {
    final MonitoredMember member;
    final MemberWatch watch;
    final GroupView group;
    final Place place;
    private final Heartbeats heartbeats;
    private final Wire wire;
    private final KeyChoice keys;
    private final long memberHash;
    private final HeartbeatPath path = new HeartbeatPath();
    private final TcpLine line;
    private HeartbeatKey ackKey;

    LeasedMember(MonitoredMember member, MemberWatch watch, GroupView group, Heartbeats heartbeats, Wire wire) {
        this.member = member;
        this.watch = watch;
        this.group = group;
        this.heartbeats = heartbeats;
        this.wire = wire;
        this.place = Place.of(member, wire.hosts(), wire.nowNanos());
        this.keys = wire.keys().of(member);
        this.ackKey = keys.chosen();
        this.memberHash = MemberHash.of(member.namespace(), member.group(), member.memberId());
        this.line = new TcpLine(wire.lines(), this, wire.in());
    }

    @Override
    long take(long nowNanos) {
        return heartbeats.turn(this, nowNanos);
    }

    boolean isCarriedByTcp() {
        return path.carrier() == DatagramPath.TCP;
    }

    /** Ends what it has under way. */
    void close() {
        line.close();
    }

    // ---- what goes out

    /**
     * Pings by the path whose turn it is, by TCP as soon as there is a connection.
     *
     * @param sequence for UDP: the ping by TCP takes the next one
     */
    void ping(long sequence) {
        Optional<InetSocketAddress> target = place.target();
        if (target.isEmpty()) {
            wire.hosts().refresh(place.host(), wire.nowNanos());
            if (place.host().problem().isEmpty()) {
                // the first lookup is under way
                watch.unsent();
            }
            return;
        }
        wire.keys().renew(keys, member);
        HeartbeatPath.Ping by = path.next(wire.nowNanos());
        HeartbeatKey key = keys.next();
        boolean sent = false;
        if (by.byUdp()) {
            bePing(key, sequence);
            sent = wire.sendByUdp(key, target.get());
            if (sent) {
                wire.meter().pingsSent++;
            }
        }
        if (by.byTcp()) {
            boolean room = line.request(target.get(), wire.nowNanos(), patienceNanos(watch.intervalNanos()));
            sent = room || (sent && !isCarriedByTcp());
        }
        if (!sent) {
            watch.unsent();
        }
    }

    /** From the second ping of a round to the first of the next one there are four fifths. */
    static long patienceNanos(long intervalNanos) {
        return intervalNanos * 7 / 10;
    }

    @Override
    public void mayPing() {
        if (path.isUnanswered() && heartbeats.monitor().isLeaseHeld(wire.nowNanos())) {
            HeartbeatKey key = keys.chosen();
            bePing(key, watch.nextSequence());
            if (wire.sendByTcp(key, line)) {
                wire.meter().pingsSent++;
            }
        }
    }

    private void bePing(HeartbeatKey key, long sequence) {
        wire.out().bePing(key.id(), memberHash, watch.incarnation(), watch.epoch(), sequence, group.view, (int)
                TimeUnit.NANOSECONDS.toMillis(watch.partNanos()));
    }

    /**
     * Confirms by the path that the ack came by. One that finds no room is lost, as others are: the next ack is confirmed
     * too.
     */
    void confirm(DatagramPath by, long sequence, long ackSentNanos, long leaseNanos) {
        HeartbeatKey key = ackKey;
        wire.out()
                .beConfirmation(
                        key.id(),
                        memberHash,
                        watch.incarnation(),
                        watch.epoch(),
                        sequence,
                        group.view,
                        (int) TimeUnit.NANOSECONDS.toMillis(leaseNanos),
                        ackSentNanos);
        switch (by) {
            case TCP -> {
                if (wire.sendByTcp(key, line)) {
                    wire.meter().confirmations++;
                }
            }
            case UDP ->
                place.target().ifPresent(target -> {
                    boolean _ = wire.sendByUdp(key, target);
                    wire.meter().confirmations++;
                });
        }
    }

    // ---- what comes in

    @Override
    public boolean received(Datagram datagram) {
        return datagram.type() == DatagramType.ACK
                && datagram.incarnation() == member.incarnation()
                && acked(datagram, DatagramPath.TCP);
    }

    /**
     * An ack for this incarnation, well formed. The time is asked for behind its arrival: a lease is waited out from then.
     *
     * @return whether it is from the member; not every one of those counts
     */
    boolean acked(Datagram ack, DatagramPath by) {
        HeartbeatKey key = wire.authentic(ack, memberHash, keys);
        if (key == null) {
            return false;
        }
        ackKey = key;
        if (heartbeats.acked(this, ack, by)) {
            wire.meter().ack();
            keys.answered(key);
            path.acked(by);
            if (by == DatagramPath.UDP) {
                line.close();
            }
        } else {
            wire.meter().strayAcks++;
        }
        return true;
    }

    // ---- what there is to say of it

    /** With what this room knows beside the rules: of the member's name, and of TCP. */
    Evidence with(Evidence evidence, String nodeId) {
        List<Evidence.Probe> probes = new ArrayList<>(evidence.probes());
        if (line.problem() != null) {
            String before = isCarriedByTcp() ? "; its last ack came by TCP" : "";
            probes.add(new Evidence.Probe(nodeId, DatagramPath.TCP.word(), line.problem() + before));
        }
        place.host().problem().ifPresent(problem -> probes.add(new Evidence.Probe(nodeId, "dns", problem)));
        return new Evidence(evidence.lastAckMillisAgo(), probes, evidence.monitorHealth());
    }
}
