package io.groupmembership.node.watch;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.ViewChange;
import io.groupmembership.node.api.MonitorNames;
import io.groupmembership.node.api.ViewReading;
import java.util.List;
import java.util.Optional;

/**
 * What a watcher is sent that is not at the newest change: the changes that it lacks where the history has them all,
 * else the whole view, as a {@code snapshot} to one that has nothing and as a {@code reset} to one that has something
 * else. A group that does not exist is an empty group with view 0.
 */
sealed interface CatchUpDecision {
    /** The number that a watcher has that got all of this. */
    long head();

    /** @param changes in order, none where the watcher has them all */
    record Changes(List<ViewChange> changes, MonitorNames monitors, long head) implements CatchUpDecision {}

    /** One whole view, or one for every group. */
    record Anew(boolean reset, List<ViewReading> views, long head) implements CatchUpDecision {
        String event() {
            return reset ? "reset" : "snapshot";
        }
    }

    /** @param position of the watcher: the last view number, or position in the log, that it has, or nothing */
    static CatchUpDecision of(MembershipState state, Watched watched, long position) {
        return switch (watched) {
            case Watched.Group(GroupKey key) -> ofGroup(state, key, position);
            case Watched.Everything() -> ofEverything(state, position);
        };
    }

    private static CatchUpDecision ofGroup(MembershipState state, GroupKey key, long position) {
        if (position != WatchRequest.NOTHING) {
            long view = state.viewNumber(key);
            Optional<List<ViewChange>> changes =
                    position == view ? Optional.of(List.of()) : state.changesSince(key, position);
            if (changes.isPresent()) {
                return new Changes(changes.get(), MonitorNames.of(state), view);
            }
        }
        ViewReading reading = ViewReading.of(state, key);
        return new Anew(
                position != WatchRequest.NOTHING,
                List.of(reading),
                reading.view().view());
    }

    private static CatchUpDecision ofEverything(MembershipState state, long position) {
        if (position != WatchRequest.NOTHING) {
            Optional<List<ViewChange>> changes = state.changesSincePosition(position);
            if (changes.isPresent()) {
                return new Changes(changes.get(), MonitorNames.of(state), state.position());
            }
        }
        return new Anew(position != WatchRequest.NOTHING, ViewReading.ofAll(state), state.position());
    }
}
