package io.groupmembership.membership.detection;

import io.groupmembership.membership.GroupKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The members that missed their last round, and whether that is held against them or against this node.
 *
 * <p>The rule. Of {@value #MANY} members or more, not all die at one instant, so a node that hears of none of them
 * mistrusts itself; unless every other live node has failed to reach the member too, or it was handed over
 * {@value #MOST_MOVES} times without being heard of.
 */
final class SilentMembers {
    static final int MANY = 8;

    static final int MOST_MOVES = 3;

    private final Set<MemberWatch> silent = new HashSet<>();

    void add(MemberWatch watch) {
        silent.add(watch);
    }

    void remove(MemberWatch watch) {
        silent.remove(watch);
    }

    boolean contains(MemberWatch watch) {
        return silent.contains(watch);
    }

    int size() {
        return silent.size();
    }

    /** How many of each group are not suspected yet. */
    Map<GroupKey, Integer> byGroup() {
        Map<GroupKey, Integer> members = new HashMap<>();
        for (MemberWatch watch : silent) {
            if (!watch.isSuspected()) {
                members.merge(watch.charge().group(), 1, Integer::sum);
            }
        }
        return members;
    }

    /**
     * Whether the node rather mistrusts itself than this member.
     *
     * @param monitored how many members the node monitors
     */
    boolean isOwnFault(MemberWatch watch, int monitored, OtherNodes others) {
        return monitored >= MANY
                && silent.size() == monitored
                && watch.charge().member().unheardMoves() < MOST_MOVES
                && !others.allFailed(watch.peers());
    }
}
