package io.groupmembership.node.api;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.GroupView;
import io.groupmembership.membership.MembershipState;
import java.util.List;
import java.util.Optional;

/**
 * A view, and what it takes to show it.
 *
 * @param known whether the group exists; one that does not is shown as an empty group with view 0
 * @param assignmentGeneration grows whenever monitors may have changed without a new view
 */
public record ViewReading(GroupView view, boolean known, MonitorNames monitors, long assignmentGeneration) {
    public static ViewReading of(MembershipState state, GroupKey group) {
        return of(state.view(group), group, MonitorNames.of(state), state.assignmentGeneration());
    }

    /** Every group's view at one moment. */
    public static List<ViewReading> ofAll(MembershipState state) {
        MonitorNames monitors = MonitorNames.of(state);
        long generation = state.assignmentGeneration();
        return state.groups().stream()
                .map(summary -> of(state.view(summary.group()), summary.group(), monitors, generation))
                .toList();
    }

    private static ViewReading of(Optional<GroupView> view, GroupKey group, MonitorNames monitors, long generation) {
        return new ViewReading(
                view.orElseGet(() -> new GroupView(group, 0, List.of(), GroupPolicy.DEFAULT, 0)),
                view.isPresent(),
                monitors,
                generation);
    }
}
