package io.groupmembership.protocol.api;

/**
 * The answer to a join.
 *
 * @param incarnation the number of this membership, larger than that of every earlier join in the cluster
 * @param view the first view that has the member with this incarnation
 * @param monitor the node that heartbeats the member
 */
public record JoinResponse(
        String namespace,
        String group,
        String memberId,
        long incarnation,
        long view,
        String monitor,
        Lease lease,
        Heartbeat heartbeat) {
    /** How often the member hears from its monitor, and how many misses in a row remove it. */
    public record Lease(long intervalMillis, int misses) {}

    /** The heartbeat that was agreed on: udp, tcp or http. */
    public record Heartbeat(String mode) {}
}
