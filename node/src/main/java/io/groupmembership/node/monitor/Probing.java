package io.groupmembership.node.monitor;

import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.detection.PeerProbe;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.protocol.heartbeat.MemberHash;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Probes members for the nodes that monitor them, at most {@value #MOST} at a time: who asks more is asked to ask again,
 * by getting no answer. It belongs to the event loop.
 */
final class Probing {
    private static final int MOST = 100_000;

    private final class Probed extends Timed {
        private final MonitoredMember member;
        private final String asker;
        private final PeerProbe probe;
        private final Place place;
        private final KeyChoice keys;
        private final long memberHash;
        private long firstSequence = Long.MAX_VALUE;

        Probed(MonitoredMember member, String asker, long nowNanos) {
            this.member = member;
            this.asker = asker;
            this.probe = new PeerProbe(member.interval().toNanos(), nowNanos);
            this.place = Place.of(member, hosts, nowNanos);
            this.keys = memberKeys.of(member);
            this.memberHash = MemberHash.of(member.namespace(), member.group(), member.memberId());
        }

        @Override
        long take(long nowNanos) {
            switch (probe.turn(nowNanos)) {
                case PING -> place.target().ifPresent(target -> send(this, target));
                case FAILED -> {
                    found(this, false);
                    return NEVER;
                }
                case NOTHING -> {}
            }
            return probe.dueNanos();
        }
    }

    private final LongSupplier clock;
    private final UdpSocket udp;
    private final HostResolver hosts;
    private final Wheel wheel;
    private final LoopMeter meter;
    private final MemberKeys memberKeys;
    private final Long2ObjectHashMap<Probed> byIncarnation = new Long2ObjectHashMap<>();
    private final Datagram out = new Datagram();
    private final DatagramSeal seal = new DatagramSeal();
    private Map<String, List<PeerMessage.Finding>> findings = new LinkedHashMap<>();

    Probing(
            LongSupplier clock,
            UdpSocket udp,
            HostResolver hosts,
            Wheel wheel,
            LoopMeter meter,
            MemberKeys memberKeys) {
        this.clock = clock;
        this.udp = udp;
        this.hosts = hosts;
        this.wheel = wheel;
        this.meter = meter;
        this.memberKeys = memberKeys;
    }

    void begin(MonitoredMember member, String asker, long nowNanos) {
        Probed before = byIncarnation.get(member.incarnation());
        if (before != null) {
            end(before);
        } else if (byIncarnation.size() >= MOST) {
            return;
        }
        Probed probed = new Probed(member, asker, nowNanos);
        byIncarnation.put(member.incarnation(), probed);
        wheel.set(probed, probed.probe.dueNanos());
    }

    private void end(Probed probed) {
        byIncarnation.remove(probed.member.incarnation());
        wheel.cancel(probed);
        hosts.release(probed.place.host());
    }

    private void send(Probed probed, InetSocketAddress target) {
        // the clock as the sequence: it grows, also over a restart, so no answer to an older probe is taken for one to
        // this
        long sequence = clock.getAsLong();
        probed.firstSequence = Math.min(probed.firstSequence, sequence);
        HeartbeatKey key = probed.keys.next();
        out.beProbe(
                key.id(), probed.memberHash, probed.member.incarnation(), probed.member.assignmentEpoch(), sequence);
        seal.seal(out, key);
        try {
            if (udp.send(out, target)) {
                meter.probesSent++;
            }
        } catch (IOException e) {
            meter.sendFailures++;
        }
    }

    /** An answer, well formed. */
    void answered(Datagram answer) {
        Probed probed = byIncarnation.get(answer.incarnation());
        HeartbeatKey key = probed == null ? null : probed.keys.find(answer.keyId());
        if (probed == null
                || key == null
                || answer.memberHash() != probed.memberHash
                || answer.answeredSequence() < probed.firstSequence) {
            meter.strayAcks++;
        } else if (!seal.isAuthentic(answer, key)) {
            meter.forged++;
        } else if (probed.probe.answered()) {
            found(probed, true);
        }
    }

    private void found(Probed probed, boolean reached) {
        findings.computeIfAbsent(probed.asker, asker -> new ArrayList<>())
                .add(new PeerMessage.Finding(probed.member.incarnation(), probed.member.assignmentEpoch(), reached));
        end(probed);
    }

    /** Tells what was found, and forgets it. */
    void tell(MonitorListener listener) {
        if (!findings.isEmpty()) {
            Map<String, List<PeerMessage.Finding>> told = findings;
            findings = new LinkedHashMap<>();
            told.forEach(listener::answer);
        }
    }
}
