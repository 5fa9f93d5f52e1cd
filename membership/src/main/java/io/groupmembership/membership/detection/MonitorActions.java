package io.groupmembership.membership.detection;

import io.groupmembership.membership.LeaveReason;

/** What a monitor wants done. Each returns at once; what is lost on the way is asked for again. */
public interface MonitorActions {
    /** Send the member a ping with this sequence. */
    void ping(MemberWatch watch, long sequence);

    /**
     * Confirm an ack.
     *
     * @param ackSentNanos what the ack said of when it was sent
     * @param leaseNanos L
     */
    void confirm(MemberWatch watch, long sequence, long ackSentNanos, long leaseNanos);

    /** Have every other live node probe the member, as often as {@link PeerProbe} says. */
    void askPeers(MemberWatch watch);

    /** Tell the leader that the member is gone. From now on nothing is confirmed. */
    void suspect(MemberWatch watch, LeaveReason reason);

    /**
     * Propose another monitor, or this one anew.
     *
     * @param to the nodeId
     * @param heard whether that node has reached the member
     */
    void assign(MemberWatch watch, String to, boolean heard);

    /** The watch has its next turn earlier than it had said: {@link MemberWatch#dueNanos}. */
    void sooner(MemberWatch watch);
}
