package io.groupmembership.membership;

/**
 * Which node monitors a member: rendezvous hashing with bounded load.
 *
 * <p>Every live node has a score for every member, from the node's hash key and the member's name alone; the highest
 * score wins (Thaler and Ravishankar, 1998), unless that node already has more than {@value #SLACK_PERCENT} percent
 * above its fair share: then the next highest (Mirrokni, Thorup and Zadimoghaddam, 2018). So the choice is the same on
 * every node, members spread evenly, and a node's death moves its own members only.
 */
final class MonitorAssignment {
    static final int SLACK_PERCENT = 25;

    private MonitorAssignment() {}

    /** The most members that one of {@code liveNodes} nodes may have when there are {@code members} in all. */
    static int bound(long members, int liveNodes) {
        long share = members * (100 + SLACK_PERCENT);
        long parts = 100L * liveNodes;
        return Math.toIntExact((share + parts - 1) / parts);
    }

    /**
     * Chooses among the live nodes.
     *
     * @param memberPlace see {@link #place}
     * @param members how many members there are in all, this one included
     * @return the slot of the node, or {@link NodeTable#NO_NODE} where no node is live
     */
    static int choose(long memberPlace, NodeTable nodes, long members) {
        int bound = bound(members, Math.max(1, nodes.liveCount()));
        int best = NodeTable.NO_NODE;
        long bestScore = 0;
        for (int slot = 0; slot < nodes.slots(); slot++) {
            if (nodes.isLive(slot) && nodes.load(slot) < bound) {
                long score = score(memberPlace, nodes.place(slot));
                if (best == NodeTable.NO_NODE || Long.compareUnsigned(score, bestScore) > 0) {
                    best = slot;
                    bestScore = score;
                }
            }
        }
        return best;
    }

    /** Says whether the candidate scores higher than the current node for this member. */
    static boolean prefers(long memberPlace, long candidatePlace, long currentPlace) {
        return Long.compareUnsigned(score(memberPlace, candidatePlace), score(memberPlace, currentPlace)) > 0;
    }

    /** Where a member is on the ring: a hash of its group and id. */
    static long place(GroupKey group, MemberSpec spec) {
        return mix(((long) group.hashCode() << 32) ^ (spec.idHash() & 0xFFFFFFFFL));
    }

    private static long score(long memberPlace, long nodePlace) {
        return mix(memberPlace ^ nodePlace);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
