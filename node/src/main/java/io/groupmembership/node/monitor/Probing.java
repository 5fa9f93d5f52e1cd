package io.groupmembership.node.monitor;

import io.groupmembership.membership.PeerMessage;
import io.groupmembership.membership.detection.PeerProbe;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramType;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.protocol.heartbeat.MemberHash;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Probes members for the nodes that monitor them, at most {@value #MOST} at a time: who asks more is asked to ask again,
 * by getting no answer. A probe that UDP has not brought an answer to is repeated over both UDP and TCP. It belongs to the
 * event loop.
 */
final class Probing {
    private static final int MOST = 100_000;

    private final class Probed extends Timed implements TcpLine.Owner {
        private final MonitoredMember member;
        private final String asker;
        private final PeerProbe probe;
        private final Place place;
        private final KeyChoice keys;
        private final long memberHash;
        private final TcpLine line;
        private long firstSequence = Long.MAX_VALUE;
        private boolean repeats;

        Probed(MonitoredMember member, String asker, long nowNanos) {
            this.member = member;
            this.asker = asker;
            this.probe = new PeerProbe(member.interval().toNanos(), nowNanos);
            this.place = Place.of(member, wire.hosts(), nowNanos);
            this.keys = wire.keys().of(member);
            this.memberHash = MemberHash.of(member.namespace(), member.group(), member.memberId());
            this.line = new TcpLine(wire.lines(), this, wire.in());
        }

        @Override
        long take(long nowNanos) {
            switch (probe.turn(nowNanos)) {
                case PING -> place.target().ifPresent(target -> ping(target, nowNanos));
                case FAILED -> {
                    found(this, false);
                    return NEVER;
                }
                case NOTHING -> {}
            }
            return probe.dueNanos();
        }

        private void ping(InetSocketAddress target, long nowNanos) {
            HeartbeatKey key = keys.next();
            beProbe(key);
            if (wire.sendByUdp(key, target)) {
                wire.meter().probesSent++;
            }
            if (repeats) {
                boolean _ = line.request(
                        target,
                        nowNanos,
                        LeasedMember.patienceNanos(member.interval().toNanos()));
            }
            repeats = true;
        }

        @Override
        public void mayPing() {
            HeartbeatKey key = keys.chosen();
            beProbe(key);
            if (wire.sendByTcp(key, line)) {
                wire.meter().probesSent++;
            }
        }

        private void beProbe(HeartbeatKey key) {
            // the clock as the sequence: it grows, also over a restart, so no answer to an older probe is taken for one
            // to this
            long sequence = wire.nowNanos();
            firstSequence = Math.min(firstSequence, sequence);
            wire.out().beProbe(key.id(), memberHash, member.incarnation(), member.assignmentEpoch(), sequence);
        }

        @Override
        public boolean received(Datagram datagram) {
            return datagram.type() == DatagramType.PROBE_ANSWER
                    && datagram.incarnation() == member.incarnation()
                    && answered(datagram);
        }

        /** An answer for this incarnation, well formed; whether it is one to this probe. */
        boolean answered(Datagram answer) {
            if (answer.answeredSequence() < firstSequence) {
                wire.meter().strayAcks++;
                return false;
            }
            if (wire.authentic(answer, memberHash, keys) == null) {
                return false;
            }
            if (probe.answered()) {
                found(this, true);
            }
            return true;
        }
    }

    private final Wire wire;
    private final Wheel wheel;
    private final Long2ObjectHashMap<Probed> byIncarnation = new Long2ObjectHashMap<>();
    private Map<String, List<PeerMessage.Finding>> findings = new LinkedHashMap<>();

    Probing(Wire wire, Wheel wheel) {
        this.wire = wire;
        this.wheel = wheel;
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
        probed.line.close();
        wire.hosts().release(probed.place.host());
    }

    /** An answer by UDP, well formed. */
    void answered(Datagram answer) {
        Probed probed = byIncarnation.get(answer.incarnation());
        if (probed == null) {
            wire.meter().strayAcks++;
        } else {
            boolean _ = probed.answered(answer);
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
