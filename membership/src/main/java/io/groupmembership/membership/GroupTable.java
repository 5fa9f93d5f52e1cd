package io.groupmembership.membership;

import io.groupmembership.protocol.Limits;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The groups by namespace and name, at most {@link Limits#GROUPS}, and how many members they have. */
final class GroupTable {
    private final TreeMap<GroupKey, GroupState> groups = new TreeMap<>();
    private long viewFloor;
    private int memberCount;

    GroupTable(long viewFloor) {
        this.viewFloor = viewFloor;
    }

    @Nullable GroupState get(GroupKey key) {
        return groups.get(key);
    }

    Optional<GroupState> find(GroupKey key) {
        return Optional.ofNullable(groups.get(key));
    }

    Collection<GroupState> all() {
        return groups.values();
    }

    int size() {
        return groups.size();
    }

    int memberCount() {
        return memberCount;
    }

    void addMembers(int members) {
        memberCount += members;
    }

    /** The number that the views of groups which are new, or come back, are larger than. */
    long viewFloor() {
        return viewFloor;
    }

    void raiseViewFloor(long floor) {
        viewFloor = Math.max(viewFloor, floor);
    }

    /** Takes a group from a snapshot. */
    void restore(GroupState group) {
        groups.put(group.key(), group);
        memberCount += group.members().size();
    }

    /** The group, or a new one that is not in the table yet; empty where the table has no room to make. */
    Optional<GroupState> getOrNew(GroupKey key, Applying applying) {
        GroupState group = groups.get(key);
        if (group != null) {
            return Optional.of(group);
        }
        if (groups.size() < Limits.GROUPS) {
            return Optional.of(newGroup(key, viewFloor, applying));
        }
        return longestBlank().map(blank -> newGroup(key, Math.max(viewFloor, blank.view()), applying));
    }

    private static GroupState newGroup(GroupKey key, long view, Applying applying) {
        return new GroupState(key, view, applying.entry().leaderMillis(), applying.logIndex());
    }

    private Optional<GroupState> longestBlank() {
        return groups.values().stream()
                .filter(GroupState::isBlank)
                .min(Comparator.comparingLong(GroupState::changedAtIndex).thenComparing(GroupState::key));
    }

    /**
     * Puts a new group into the table. Where the table is full, the blank group that has been so for longest makes
     * room; the floor keeps its view numbers from being used again.
     */
    void enter(GroupState group, Applying applying) {
        if (groups.containsKey(group.key())) {
            return;
        }
        if (groups.size() >= Limits.GROUPS) {
            GroupState blank = longestBlank().orElseThrow();
            raiseViewFloor(blank.view());
            groups.remove(blank.key());
            applying.events().groupForgotten(blank.key());
        }
        groups.put(group.key(), group);
    }
}
