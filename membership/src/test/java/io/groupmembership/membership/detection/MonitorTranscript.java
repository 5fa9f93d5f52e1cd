package io.groupmembership.membership.detection;

import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.membership.Revocation;
import io.groupmembership.membership.TestCluster;
import io.groupmembership.protocol.HeartbeatMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The monitor of node-2, with node-1 and node-3 beside it, in milliseconds of virtual time. What it wants done is
 * written down, as "7000 ping m-1". The first round of each member is 2 s after its watch began; members that answer
 * ack each ping at once.
 */
final class MonitorTranscript implements MonitorActions {
    static final GroupPolicy POLICY = new GroupPolicy(5_000, 3, 1_000);
    private static final long MILLI = 1_000_000;
    private static final long PHASE_NANOS = 2_000 * MILLI;

    final NodeMonitor monitor =
            new NodeMonitor("node-2", ClusterTiming.USUAL, NodeMonitor.Leases.USUAL, this, charge -> PHASE_NANOS);
    private final List<String> lines = new ArrayList<>();
    private final Set<String> answering = new HashSet<>();
    private final List<MemberWatch> pinged = new ArrayList<>();
    private boolean holdsLease = true;
    private long nowNanos;
    private long nonces;
    private long acks;

    MonitorTranscript() {
        monitor.setOthers(List.of("node-1", "node-2", "node-3"));
    }

    // ---- members

    /** As after the member's join. */
    static Charge charge(int number) {
        return charge(number, 1, 0, POLICY);
    }

    static Charge charge(int number, int epoch, int unheardMoves, GroupPolicy policy) {
        return charge(number, epoch, unheardMoves, Math.toIntExact(policy.leaseMillis()), policy, Optional.empty());
    }

    static Charge charge(
            int number,
            int epoch,
            int unheardMoves,
            int longestLeaseMillis,
            GroupPolicy policy,
            Optional<LeaveReason> revokedFor) {
        String memberId = "m-" + number;
        MemberSpec spec =
                MemberSpec.of(memberId, "h:1", HeartbeatMode.UDP, "h:1", Optional.of(new UUID(0, number)), Map.of());
        Revocation revocation = revokedFor
                .map(reason -> new Revocation(reason, Optional.empty()))
                .orElse(null);
        Member member = new Member(spec, number, epoch, 0, longestLeaseMillis, unheardMoves, revocation);
        return new Charge(TestCluster.PAYMENTS, member, policy);
    }

    static Charge revoked(int number, LeaveReason reason) {
        return charge(number, 1, 0, Math.toIntExact(POLICY.leaseMillis()), POLICY, Optional.of(reason));
    }

    /** Begins to watch it now; it answers. */
    MemberWatch watches(Charge charge) {
        answering.add(charge.member().memberId());
        return monitor.assigned(charge, nowNanos).orElseThrow();
    }

    MemberWatch watchesSilent(Charge charge) {
        return monitor.assigned(charge, nowNanos).orElseThrow();
    }

    void falls(int number) {
        answering.remove("m-" + number);
    }

    void answersAgain(int number) {
        answering.add("m-" + number);
    }

    MemberWatch watch(int number) {
        MemberWatch watch = monitor.find(number);
        if (watch == null) {
            throw new AssertionError("m-" + number + " is not watched");
        }
        return watch;
    }

    // ---- time

    long nowNanos() {
        return nowNanos;
    }

    /** From now on nothing of this node is agreed on, and its lease runs out. */
    void losesLease() {
        holdsLease = false;
    }

    void getsLease() {
        holdsLease = true;
    }

    /** Gives everybody their turns until then, that instant included. */
    void until(long millis) {
        Optional<MemberWatch> next = next(millis * MILLI);
        while (next.isPresent()) {
            turn(next.get(), Math.max(nowNanos, next.get().dueNanos()));
            next = next(millis * MILLI);
        }
        nowNanos = Math.max(nowNanos, millis * MILLI);
        beat();
    }

    private Optional<MemberWatch> next(long endNanos) {
        return monitor.watches().stream()
                .filter(watch -> watch.dueNanos() <= endNanos)
                .min(Comparator.comparingLong(MemberWatch::dueNanos).thenComparingLong(MemberWatch::incarnation));
    }

    private void turn(MemberWatch watch, long atNanos) {
        nowNanos = atNanos;
        beat();
        monitor.turn(watch, nowNanos, false);
        List<MemberWatch> acking = List.copyOf(pinged);
        pinged.clear();
        acking.stream()
                .filter(it -> answering.contains(it.charge().member().memberId()))
                .forEach(this::acked);
    }

    /** Its ack comes in now, whatever it answers to. */
    boolean acked(MemberWatch watch) {
        return monitor.acked(watch, watch.epoch(), ++acks, nowNanos, nowNanos);
    }

    private void beat() {
        if (holdsLease) {
            monitor.beat(++nonces, nowNanos);
            monitor.ticked(nonces);
        }
    }

    /** What another node found, under the epoch that the member has now. */
    void finds(String node, int number, boolean reached) {
        monitor.probed(number, watch(number).epoch(), node, reached, nowNanos);
    }

    // ---- what was done

    /** When this was done, in milliseconds. */
    List<Long> times(String what) {
        return lines.stream()
                .filter(line -> line.substring(line.indexOf(' ') + 1).equals(what))
                .map(line -> Long.valueOf(line.substring(0, line.indexOf(' '))))
                .toList();
    }

    /** All of this kind, as "suspect". */
    List<String> all(String kind) {
        return lines.stream()
                .filter(line -> line.substring(line.indexOf(' ') + 1).startsWith(kind))
                .toList();
    }

    void forgetLines() {
        lines.clear();
    }

    private void write(String what, MemberWatch watch, String more) {
        lines.add(nowNanos / MILLI + " " + what + " " + watch.charge().member().memberId() + more);
    }

    @Override
    public void ping(MemberWatch watch, long sequence) {
        write("ping", watch, "");
        pinged.add(watch);
    }

    @Override
    public void confirm(MemberWatch watch, long sequence, long ackSentNanos, long leaseNanos) {
        write("confirm", watch, " for " + leaseNanos / MILLI);
    }

    @Override
    public void askPeers(MemberWatch watch) {
        write("ask", watch, "");
    }

    @Override
    public void suspect(MemberWatch watch, LeaveReason reason) {
        write("suspect", watch, " " + reason);
    }

    @Override
    public void assign(MemberWatch watch, String to, boolean heard) {
        write("assign", watch, " to " + to + (heard ? " that heard it" : ""));
    }

    @Override
    public void sooner(MemberWatch watch) {}
}
