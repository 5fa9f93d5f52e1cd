package io.groupmembership.protocol.api;

import org.jspecify.annotations.Nullable;

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

    /**
     * The heartbeat that was agreed on.
     *
     * @param mode udp, tcp or http
     * @param keyId which of the cluster's secrets the key comes from, 1 to 65535; null for tcp and http
     * @param key 32 bytes in Base64, which seal every datagram of this incarnation; null for tcp and http
     */
    public record Heartbeat(
            String mode, @Nullable Integer keyId, @Nullable String key) {
        /** A key is not for logs. */
        @Override
        public String toString() {
            return "Heartbeat[mode=" + mode + ", keyId=" + keyId + "]";
        }
    }
}
