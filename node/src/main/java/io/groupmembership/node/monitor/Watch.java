package io.groupmembership.node.monitor;

import io.groupmembership.node.monitor.SilentMember.Probe;
import io.groupmembership.protocol.HeartbeatDatagram;
import io.groupmembership.protocol.HeartbeatMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One member that is watched over: its schedule, where it is, and what it has missed. It belongs to the event loop. */
final class Watch {
    /** What the members of one group share: the view number that their pings carry. */
    static final class GroupView {
        long view;
        int members;

        GroupView(long view) {
            this.view = view;
        }
    }

    private record Miss(String result, long atNanos) {}

    final MonitoredMember member;
    final HeartbeatSchedule schedule;
    final GroupView group;
    final ProbeAddress address;

    /** Its timer in the wheel. */
    long timerId;
    /** Whether it waits for its turn to connect. */
    boolean waiting;
    /** Whether it is watched no more: what is still in a queue skips it. */
    boolean forgotten;
    /** The connection under way, if there is one. */
    ConnectionProbes.@Nullable Attempt attempt;

    private final long memberHash;
    private @Nullable InetSocketAddress target;
    private @Nullable String failure;
    private @Nullable ArrayDeque<Miss> missed;

    Watch(MonitoredMember member, HeartbeatSchedule schedule, GroupView group, ProbeAddress address) {
        this.member = member;
        this.schedule = schedule;
        this.group = group;
        this.address = address;
        this.memberHash = member.mode() == HeartbeatMode.UDP
                ? HeartbeatDatagram.memberHash(member.namespace(), member.group(), member.memberId())
                : 0;
    }

    /** Where its pings go, if its host is known. */
    Optional<InetSocketAddress> target() {
        Optional<InetAddress> ip = address.host().address();
        if (ip.isEmpty()) {
            return Optional.empty();
        }
        InetSocketAddress known = target;
        if (known == null || !known.getAddress().equals(ip.get())) {
            known = new InetSocketAddress(ip.get(), address.port());
            target = known;
        }
        return Optional.of(known);
    }

    /** The ping that goes out next. */
    HeartbeatDatagram nextPing(long nowNanos) {
        return new HeartbeatDatagram(
                HeartbeatDatagram.Type.PING,
                member.assignmentEpoch(),
                memberHash,
                member.incarnation(),
                schedule.nextSequence(),
                nowNanos,
                group.view);
    }

    /** Whether this is an ack of this member under this epoch. Its sequence is the schedule's business. */
    boolean isAckOfMine(HeartbeatDatagram ack) {
        return ack.type() == HeartbeatDatagram.Type.ACK
                && ack.incarnation() == member.incarnation()
                && ack.memberHash() == memberHash
                && ack.epoch() == member.assignmentEpoch()
                && member.mode() == HeartbeatMode.UDP;
    }

    /** The newest attempt came to nothing before its time was over; whether that is a miss is decided at the next ping. */
    void attemptFailed(String result) {
        failure = result;
    }

    /** A new attempt begins: nothing has failed yet. */
    void attemptBegins() {
        failure = null;
    }

    /** Takes an answer to this ping, and says whether it counts. */
    boolean answered(long sequence, long nowNanos) {
        if (!schedule.answered(sequence, nowNanos)) {
            return false;
        }
        failure = null;
        missed = null;
        return true;
    }

    /** Keeps the evidence of a miss; only the last ones that a report shows. */
    void missed(long nowNanos) {
        ArrayDeque<Miss> misses = missed;
        if (misses == null) {
            misses = new ArrayDeque<>(4);
            missed = misses;
        }
        if (misses.size() >= Math.max(1, member.misses())) {
            misses.removeFirst();
        }
        misses.addLast(new Miss(failure == null ? "no answer" : failure, nowNanos));
    }

    /** The report on this member. */
    SilentMember report(long nowNanos, Map<String, Long> health) {
        ArrayDeque<Miss> misses = missed;
        List<Probe> probes = misses == null
                ? List.of()
                : misses.stream()
                        .map(miss ->
                                new Probe(member.mode().word(), miss.result, millisBetween(miss.atNanos, nowNanos)))
                        .toList();
        long lastAnswerMillis = millisBetween(schedule.lastAnswerNanos(), nowNanos);
        return new SilentMember(member, schedule.everAnswered(), lastAnswerMillis, probes, health);
    }

    private static long millisBetween(long thenNanos, long nowNanos) {
        return TimeUnit.NANOSECONDS.toMillis(nowNanos - thenNanos);
    }
}
