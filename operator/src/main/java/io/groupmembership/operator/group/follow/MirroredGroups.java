package io.groupmembership.operator.group.follow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The groups of one cluster, as far as its events tell. The rule, event by event:
 *
 * <ul>
 *   <li>A whole view takes the place of what was known of its group. Whole views come for all groups: with the one that
 *       has an id they are complete, and a group that was not among them is one that the nodes have forgotten. Until then
 *       there is no position to go on from.
 *   <li>A change follows the view before it. One that is not newer is passed over: an entry that was cut off comes again.
 *   <li>A node forgets a group that is empty, and counts on from a higher number should it come back: a change of an
 *       empty group may leave numbers out.
 *   <li>Whatever else does not fit is a contradiction: the follower has to begin anew.
 * </ul>
 *
 * <p>Bounded: more groups or members than a cluster may have are a contradiction too. Not thread-safe.
 */
public final class MirroredGroups {
    /** What an event did. */
    sealed interface Effect {
        /** @param groups whose view may have changed */
        record Changed(Collection<GroupKey> groups) implements Effect {}

        record Contradiction(String reason) implements Effect {}
    }

    /** How many groups have members, and how many members there are. */
    public record Counts(int groups, int members) {}

    private static final class Group {
        private long view;
        private MemberTable members = new MemberTable();
    }

    private final int mostGroups;
    private final int mostMembers;
    private final Map<GroupKey, Group> groups = new HashMap<>();
    private int members;
    private boolean complete;
    private OptionalLong position = OptionalLong.empty();
    /** The groups that a series of whole views has had so far. */
    private Optional<Set<GroupKey>> series = Optional.empty();

    MirroredGroups(int mostGroups, int mostMembers) {
        this.mostGroups = mostGroups;
        this.mostMembers = mostMembers;
    }

    Effect apply(WatchEvent event) {
        Effect effect = switch (event) {
            case WatchEvent.Whole whole -> replace(whole);
            case WatchEvent.Change change -> change(change);
            case WatchEvent.Nothing nothing -> endSeries(new HashSet<>(), new ArrayList<>());
        };
        if (effect instanceof Effect.Contradiction) {
            beginAnew();
        } else if (event.id().isPresent()) {
            position = event.id();
        }
        return effect;
    }

    /** Forgets where to go on from, and keeps what is known. */
    void beginAnew() {
        position = OptionalLong.empty();
        series = Optional.empty();
    }

    /** A stream ended: a series that it was in does not go on in the next one. */
    void disconnected() {
        series = Optional.empty();
    }

    private Effect replace(WatchEvent.Whole whole) {
        Set<GroupKey> seen = series.orElseGet(HashSet::new);
        series = Optional.of(seen);
        position = OptionalLong.empty();
        seen.add(whole.group());
        Group group = groups.computeIfAbsent(whole.group(), key -> new Group());
        members += whole.members().size() - group.members.size();
        group.view = whole.view();
        group.members = whole.members();
        List<GroupKey> changed = new ArrayList<>();
        changed.add(whole.group());
        return whole.id().isPresent() ? endSeries(seen, changed) : bounded(changed);
    }

    private Effect endSeries(Set<GroupKey> seen, List<GroupKey> changed) {
        series = Optional.empty();
        groups.entrySet().removeIf(entry -> {
            boolean forgotten = !seen.contains(entry.getKey());
            if (forgotten) {
                members -= entry.getValue().members.size();
                changed.add(entry.getKey());
            }
            return forgotten;
        });
        Effect effect = bounded(changed);
        complete |= effect instanceof Effect.Changed;
        return effect;
    }

    private Effect change(WatchEvent.Change change) {
        if (series.isPresent()) {
            return new Effect.Contradiction("a change came among whole views");
        }
        if (!complete) {
            return new Effect.Contradiction("a change came before the whole views");
        }
        Group group = groups.get(change.group());
        if (group == null) {
            group = new Group();
        }
        if (change.view() <= group.view) {
            return new Effect.Changed(List.of());
        }
        boolean cameBack = group.members.size() == 0 && change.left().isEmpty();
        if (change.view() != group.view + 1 && !cameBack) {
            return new Effect.Contradiction(
                    "view " + change.view() + " of " + change.group() + " follows view " + group.view);
        }
        for (Departure departure : change.left()) {
            if (!group.members.contains(departure.incarnation())) {
                return new Effect.Contradiction(
                        "incarnation " + departure.incarnation() + " left " + change.group() + " without being in it");
            }
        }
        long last = group.members.lastIncarnation();
        for (MirroredMember member : change.joined()) {
            if (member.incarnation() <= last) {
                return new Effect.Contradiction(
                        "incarnation " + member.incarnation() + " joined " + change.group() + " after " + last);
            }
            last = member.incarnation();
        }
        change.left().stream().mapToLong(Departure::incarnation).forEach(group.members::remove);
        change.joined().forEach(group.members::add);
        members += change.joined().size() - change.left().size();
        group.view = change.view();
        groups.put(change.group(), group);
        return bounded(List.of(change.group()));
    }

    private Effect bounded(Collection<GroupKey> changed) {
        if (groups.size() > mostGroups || members > mostMembers) {
            return new Effect.Contradiction("there are " + groups.size() + " groups and " + members
                    + " members, and the bounds are " + mostGroups + " and " + mostMembers);
        }
        return new Effect.Changed(changed);
    }

    /** Where a stream may go on from: a Last-Event-ID. Empty where it has to begin with whole views. */
    OptionalLong position() {
        return position;
    }

    /** Whether all groups have been seen once. Before that nothing follows from the absence of one. */
    public boolean isComplete() {
        return complete;
    }

    public Counts counts() {
        int inhabited = 0;
        for (Group group : groups.values()) {
            inhabited += group.members.size() > 0 ? 1 : 0;
        }
        return new Counts(inhabited, members);
    }

    /** @param mostIds how many ids are wanted; empty for a group that the nodes don't know */
    public Optional<GroupSummary> summary(GroupKey key, int mostIds) {
        return Optional.ofNullable(groups.get(key))
                .map(group -> new GroupSummary(group.view, group.members.size(), group.members.firstIds(mostIds)));
    }

    /** Visits the members of a group in join order. */
    public void forEachMember(GroupKey key, Consumer<MirroredMember> visitor) {
        Group group = groups.get(key);
        if (group != null) {
            group.members.forEach(visitor);
        }
    }

    public List<GroupKey> groups() {
        return List.copyOf(groups.keySet());
    }
}
