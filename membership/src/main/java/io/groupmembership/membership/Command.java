package io.groupmembership.membership;

import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** Everything that can be asked of the replicated state. Each is checked against the limits before it is proposed. */
public sealed interface Command {
    /** Members that join one group together: one view has all of them. */
    record Join(GroupKey group, List<Joiner> joiners) implements Command {}

    /** @param replaces the living incarnation that the joiner takes the place of, where it knows of one */
    record Joiner(MemberSpec spec, OptionalLong replaces) {}

    /** @param incarnation guards against leaving for a successor; empty means whoever has the id now */
    record Leave(GroupKey group, String memberId, OptionalLong incarnation) implements Command {}

    /** Ends what one instance has asked for, whether it is in, or waits for its place, or nobody knows of it. */
    record Withdraw(GroupKey group, String memberId, UUID instance) implements Command {}

    /** A cut: memberships that end together, one view for each group that has one of them. */
    record Remove(List<Target> targets) implements Command {}

    /** Skipped where the member has another incarnation or assignment epoch by now. */
    record Target(
            GroupKey group,
            String memberId,
            long incarnation,
            int assignmentEpoch,
            LeaveReason reason,
            Evidence evidence) {}

    /** Sets how a group is watched over. */
    record PutPolicy(GroupKey group, GroupPolicy policy) implements Command {}

    /** Writes a value where the condition holds. The key begins with its namespace and a slash. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed; a copy of 512 KiB would cost
    record KvPut(String key, byte[] value, KvCondition condition) implements Command {}

    /** Deletes a key where the condition holds. */
    record KvDelete(String key, KvCondition condition) implements Command {}

    /**
     * A node registers, or has other addresses than before. It lives if it is new; one that was declared down comes
     * back by a beat alone, which shows that it gets the log.
     */
    record NodeUp(String nodeId, String address, String udpAddress, String hashKey) implements Command {}

    /** Declares a node down where it has not become live again since; its members get other monitors. */
    record NodeDown(String nodeId, int liveness) implements Command {}

    /**
     * What a leader heard from nodes that take part: each gets a lease by it, and becomes live where it was not.
     *
     * @param beats one for each node
     */
    record Tick(List<Beat> beats) implements Command {}

    /**
     * A node's word that it is there.
     *
     * @param bootId a random number that the process drew when it started
     * @param nonce a random number that the node makes anew for each beat: it holds a lease from making it
     * @param appliedIndex up to where it had applied the log when it made it
     */
    record Beat(String nodeId, long bootId, long nonce, long appliedIndex) {}

    /** Members that get another monitor, or the same one anew. */
    record Assign(List<Assignment> assignments) implements Command {}

    /**
     * Skipped where the member has another incarnation or assignment epoch by now, or the node is not live.
     *
     * @param to the nodeId of the monitor to be
     * @param heard whether that node has reached the member; false where the old monitor only mistrusts itself
     */
    record Assignment(
            GroupKey group, String memberId, long incarnation, int assignmentEpoch, String to, boolean heard) {}

    /**
     * Ends a membership from without: at once where the member has no lease, else when it has run out.
     *
     * @param incarnation empty means whoever has the id now
     */
    record Revoke(GroupKey group, String memberId, OptionalLong incarnation) implements Command {}

    /**
     * The cluster goes on from one survivor, after its majority was lost; skipped where the epoch is not a later one.
     *
     * @param recoveryEpoch how many times this has happened, with this one
     * @param provenIncarnation the highest that the survivor knew to be agreed on. What its log has beyond that may
     *     never have been: the majority that is lost may have given the same incarnations to others
     */
    record Recover(long recoveryEpoch, long provenIncarnation) implements Command {}
}
