package io.groupmembership.membership.detection;

import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.protocol.lease.Drift;
import java.util.Optional;

/**
 * The times that hold for a whole cluster, in milliseconds.
 *
 * @param nodeLeaseMillis A: for how long a node may confirm members after it was last known to be one of the cluster's
 * @param tickMillis the time between two beats of a node, and between two ticks
 * @param nodeTimeoutMillis after how long without a beat a node is declared down
 * @param drift how far the rates of two clocks may be apart
 */
public record ClusterTiming(long nodeLeaseMillis, long tickMillis, long nodeTimeoutMillis, Drift drift) {
    public static final ClusterTiming USUAL = new ClusterTiming(4_000, 500, 2_000, Drift.BOUND);

    /** For groups with an interval of one second. */
    public static final ClusterTiming FAST = new ClusterTiming(4_000, 250, 1_000, Drift.BOUND);

    /** The longest time without a leader that is reckoned with, and the time that it takes to agree on an entry. */
    static final long ELECTION_MILLIS = 1_200;

    private static final long COMMIT_AND_HOPS_MILLIS = 100;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** @throws IllegalArgumentException where a node that works would lose its lease while a leader is elected */
    public ClusterTiming {
        if (tickMillis < 1 || nodeTimeoutMillis < 2 * tickMillis) {
            throw new IllegalArgumentException("a node timeout of " + nodeTimeoutMillis
                    + " ms is shorter than two ticks of " + tickMillis + " ms");
        }
        if (nodeLeaseMillis <= tickMillis + ELECTION_MILLIS) {
            throw new IllegalArgumentException("a node lease of " + nodeLeaseMillis + " ms does not outlast a tick of "
                    + tickMillis + " ms and an election of " + ELECTION_MILLIS + " ms");
        }
    }

    long nodeLeaseNanos() {
        return nodeLeaseMillis * NANOS_PER_MILLI;
    }

    long tickNanos() {
        return tickMillis * NANOS_PER_MILLI;
    }

    long nodeTimeoutNanos() {
        return nodeTimeoutMillis * NANOS_PER_MILLI;
    }

    /**
     * What is wrong with a group's policy in this cluster. With one that passes, the members of a node that dies have
     * another monitor before their leases end.
     */
    public Optional<String> refuses(GroupPolicy policy) {
        if (spareMillis(policy) > 0) {
            return Optional.empty();
        }
        long heldMillis = drift.held(policy.leaseMillis());
        return Optional.of("members would be fenced whenever a node dies: of a lease of " + policy.intervalMillis()
                + " ms x " + policy.misses() + " a member believes " + heldMillis + " ms, of which "
                + Math.max(0, heldMillis - policy.intervalMillis()) + " ms are left when its next heartbeat is due, and"
                + " its monitor is replaced after " + replacedMillis() + " ms");
    }

    private long replacedMillis() {
        return nodeTimeoutMillis + tickMillis + COMMIT_AND_HOPS_MILLIS;
    }

    /** How long the next monitor may take to its first ping, and nobody is fenced; not positive where that can't be. */
    private long spareMillis(GroupPolicy policy) {
        return drift.held(policy.leaseMillis()) - policy.intervalMillis() - replacedMillis();
    }
}
