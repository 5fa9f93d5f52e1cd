package io.groupmembership.membership.detection;

import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.Member;
import io.groupmembership.protocol.lease.GrantedLease;
import io.groupmembership.protocol.lease.NodeLease;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one node does for the members that it monitors. It hears what the replicated state says and what comes in from
 * the network, and says what to send.
 *
 * <p>The rules beside those of a single {@link MemberWatch}:
 *
 * <ul>
 *   <li>Without a lease of its own the node neither pings, confirms nor suspects: it may have been replaced.
 *   <li>A member that it begins to watch under an epoch that is not its first, or after it installed a snapshot, may
 *       have been confirmed by another until now: nothing is held against it before that is surely over.
 *   <li>On the first missed round the other nodes are asked. Where one reaches the member and this node's next ping is
 *       not answered either, that node becomes the monitor.
 *   <li>A node that mistrusts itself, as {@link SilentMembers} says, or is late round after round, hands silent members
 *       over instead of suspecting them.
 *   <li>A suspicion is a promise to confirm nothing more. It is told until its outcome is applied, and taken back only
 *       by having a new epoch agreed on.
 * </ul>
 *
 * <p>Not thread-safe.
 */
public class NodeMonitor {
    /** The leases, as tests put others in their place. */
    public interface Leases {
        Leases USUAL = new Leases() {};

        /** For a member that nobody can have confirmed yet. */
        default GrantedLease fresh() {
            return new GrantedLease();
        }

        default GrantedLease takenOver(long nowNanos, long longestNanos, ClusterTiming timing) {
            return new GrantedLease(nowNanos, timing.nodeLeaseNanos(), longestNanos, timing.drift());
        }

        default NodeLease ofNode(ClusterTiming timing) {
            return new NodeLease(timing.nodeLeaseNanos());
        }
    }

    private final String nodeId;
    private final ClusterTiming timing;
    private final Leases leases;
    private final MonitorActions actions;
    private final ToLongFunction<Charge> phase;
    private final NodeLease nodeLease;
    private final Map<Long, MemberWatch> watches = new HashMap<>();
    private final SilentMembers silent = new SilentMembers();
    private final OtherNodes others;

    /** @param phase a random time of less than the interval, in nanoseconds: when the first round begins */
    public NodeMonitor(
            String nodeId, ClusterTiming timing, Leases leases, MonitorActions actions, ToLongFunction<Charge> phase) {
        this.nodeId = nodeId;
        this.others = new OtherNodes(nodeId);
        this.timing = timing;
        this.leases = leases;
        this.actions = actions;
        this.phase = phase;
        this.nodeLease = leases.ofNode(timing);
    }

    // ---- this node's own lease

    /** Remembers a number that goes to the leader with this node's beat. */
    public void beat(long nonce, long nowNanos) {
        nodeLease.make(nonce, nowNanos);
    }

    /** A beat of this node was applied. */
    public void ticked(long nonce) {
        nodeLease.applied(nonce);
    }

    public boolean isLeaseHeld(long nowNanos) {
        return nodeLease.isHeld(nowNanos);
    }

    // ---- what the state says

    /** Which other nodes are live. */
    public void setOthers(Collection<String> nodeIds) {
        others.set(nodeIds);
    }

    /**
     * The member has a new assignment epoch, and this node as its monitor.
     *
     * @return the watch; empty where there is one of this epoch
     */
    public Optional<MemberWatch> assigned(Charge charge, long nowNanos) {
        boolean first = charge.member().assignmentEpoch() == 1;
        return begin(charge, nowNanos, first ? leases.fresh() : takenOver(charge, nowNanos));
    }

    private GrantedLease takenOver(Charge charge, long nowNanos) {
        return leases.takenOver(nowNanos, charge.member().longestLeaseMillis() * 1_000_000L, timing);
    }

    private Optional<MemberWatch> begin(Charge charge, long nowNanos, GrantedLease lease) {
        MemberWatch before = watches.get(charge.incarnation());
        if (before != null) {
            if (before.epoch() >= charge.member().assignmentEpoch()) {
                return Optional.empty();
            }
            end(before);
        }
        MemberWatch watch = new MemberWatch(charge, lease, nowNanos, nowNanos + phase.applyAsLong(charge));
        watches.put(watch.incarnation(), watch);
        return Optional.of(watch);
    }

    /** The member is out, or has another monitor. */
    public Optional<MemberWatch> gone(long incarnation) {
        MemberWatch watch = watches.get(incarnation);
        if (watch == null) {
            return Optional.empty();
        }
        end(watch);
        return Optional.of(watch);
    }

    void end(MemberWatch watch) {
        watches.remove(watch.incarnation());
        silent.remove(watch);
    }

    /** The member is to end when its lease does. */
    public void revoked(Member member, long nowNanos) {
        MemberWatch watch = watches.get(member.incarnation());
        if (watch != null && member.revocation() != null) {
            watch.revoke(member.revocation().reason(), nowNanos);
            actions.sooner(watch);
        }
    }

    public void policyChanged(GroupKey group, GroupPolicy policy, long nowNanos) {
        for (MemberWatch watch : watches.values()) {
            if (watch.charge().group().equals(group)) {
                policyChanged(watch, policy);
            }
        }
    }

    /** As the policy of its group is now. */
    public void policyChanged(MemberWatch watch, GroupPolicy policy) {
        watch.setPolicy(policy);
        actions.sooner(watch);
    }

    /** What a reconciliation changed. */
    public record Reconciled(List<MemberWatch> begun, List<MemberWatch> ended) {}

    /**
     * The state was replaced by one that others sent: what happened in between was not heard. A watch under the epoch
     * that the state says goes on; what else is watched, or is not, is put right.
     */
    public Reconciled reconcile(Collection<Charge> charges, long nowNanos) {
        Map<Long, Charge> wanted = HashMap.newHashMap(charges.size());
        charges.forEach(charge -> wanted.put(charge.incarnation(), charge));
        List<MemberWatch> ended = new ArrayList<>();
        for (MemberWatch watch : List.copyOf(watches.values())) {
            Charge charge = wanted.get(watch.incarnation());
            if (charge == null || charge.member().assignmentEpoch() != watch.epoch()) {
                end(watch);
                ended.add(watch);
            }
        }
        List<MemberWatch> begun = new ArrayList<>();
        for (Charge charge : charges) {
            MemberWatch watch = watches.get(charge.incarnation());
            if (watch == null) {
                begin(charge, nowNanos, takenOver(charge, nowNanos)).ifPresent(begun::add);
            } else {
                watch.setPolicy(charge.policy());
                revoked(charge.member(), nowNanos);
            }
        }
        return new Reconciled(begun, ended);
    }

    public @Nullable MemberWatch find(long incarnation) {
        return watches.get(incarnation);
    }

    public Collection<MemberWatch> watches() {
        return watches.values();
    }

    /** How many members of each group have missed a round and are not suspected yet. */
    public Map<GroupKey, Integer> missing() {
        return silent.byGroup();
    }

    // ---- heartbeats

    /**
     * Does what is due for a member.
     *
     * @param unread whether acks may have come in that were not read yet
     */
    public void turn(MemberWatch watch, long nowNanos, boolean unread) {
        if (!isLeaseHeld(nowNanos)) {
            silent.remove(watch);
            watch.idle(nowNanos);
            return;
        }
        int wanted = watch.turn(nowNanos, unread);
        if ((wanted & MemberWatch.ROUND_MISSED) != 0) {
            silent.add(watch);
            actions.askPeers(watch);
        }
        if ((wanted & MemberWatch.PING) != 0) {
            actions.ping(watch, watch.nextSequence());
        }
        decide(watch, wanted, nowNanos);
    }

    private void decide(MemberWatch watch, int wanted, long nowNanos) {
        boolean over = (wanted & MemberWatch.LEASE_OVER) != 0;
        if (watch.isRevoked()) {
            if (over) {
                suspect(watch, nowNanos);
            }
            return;
        }
        if (watch.isRetracted()) {
            actions.assign(watch, nodeId, true);
            return;
        }
        Optional<String> reached = others.reached(watch.peers());
        if (reached.isPresent() && (over || watch.repeats())) {
            actions.assign(watch, reached.get(), true);
        } else if (over && (watch.isSuspected() || !silent.isOwnFault(watch, watches.size(), others))) {
            suspect(watch, nowNanos);
        } else if ((over && !watch.mayHearOfPeers(nowNanos)) || (wanted & MemberWatch.TOO_LATE) != 0) {
            others.next().ifPresent(other -> actions.assign(watch, other, false));
        }
    }

    private void suspect(MemberWatch watch, long nowNanos) {
        watch.suspect(nowNanos);
        actions.suspect(watch, watch.reason());
    }

    /**
     * An authentic ack came in.
     *
     * @param ackSequence the member's number for it
     * @param ackSentNanos what it says of when it was sent
     * @return false where it is a stray, and has no effect
     */
    public boolean acked(MemberWatch watch, int epoch, long ackSequence, long ackSentNanos, long nowNanos) {
        if (!watch.acked(epoch, ackSequence, nowNanos)) {
            return false;
        }
        silent.remove(watch);
        long leaseNanos = watch.grant(nowNanos, isLeaseHeld(nowNanos));
        if (leaseNanos > 0) {
            actions.confirm(watch, watch.nextSequence(), ackSentNanos, leaseNanos);
        } else if (watch.isSuspected() && !watch.isRevoked()) {
            watch.retract(nowNanos);
            actions.sooner(watch);
        }
        return true;
    }

    /** Another node has probed a member. */
    public void probed(long incarnation, int epoch, String by, boolean reached, long nowNanos) {
        MemberWatch watch = watches.get(incarnation);
        if (watch != null && watch.epoch() == epoch && silent.contains(watch)) {
            watch.peers().add(by, reached, nowNanos);
        }
    }

    // ---- evidence

    /** What there is to say for a suspicion. */
    public Evidence evidence(MemberWatch watch, long nowNanos, Map<String, Long> health) {
        return new MonitorEvidence(nodeId, watches.size(), silent.size()).of(watch, nowNanos, health);
    }
}
