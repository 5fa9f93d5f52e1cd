package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A watcher that resumes gets all that it missed, or is told to start anew. */
class WatchResumptionTest {
    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any(50);
    }

    @Property
    void anOldViewAndTheChangesSinceMakeTheCurrentOne(@ForAll("schedules") Schedule schedule) {
        MembershipState state = new MembershipState(TestCluster.ID);
        Map<GroupKey, List<GroupView>> seen = new HashMap<>();
        for (int i = 0; i < schedule.entries().size(); i++) {
            List<Result> ignored = state.apply(schedule.entries().get(i), Schedule.index(i), EventSink.NONE);
            state.groups()
                    .forEach(group -> seen.computeIfAbsent(group.group(), key -> new ArrayList<>())
                            .add(state.view(group.group()).orElseThrow()));
        }
        seen.forEach((group, views) -> views.forEach(old -> {
            ViewReplay replay = new ViewReplay();
            replay.start(old);
            Optional<List<ViewChange>> changes = state.changesSince(group, old.view());
            assertThat(changes).as("a history this short is whole").isPresent();
            changes.orElseThrow().forEach(replay::take);
            replay.assertSameAs(state.view(group).orElseThrow());
        }));
    }

    @Property
    void theStateAtAnIndexAndTheChangesSinceMakeTheCurrentOne(@ForAll("schedules") Schedule schedule) {
        MembershipState state = new MembershipState(TestCluster.ID);
        List<Map<GroupKey, GroupView>> seen = new ArrayList<>();
        for (int i = 0; i < schedule.entries().size(); i++) {
            List<Result> ignored = state.apply(schedule.entries().get(i), Schedule.index(i), EventSink.NONE);
            Map<GroupKey, GroupView> views = new HashMap<>();
            state.groups()
                    .forEach(group ->
                            views.put(group.group(), state.view(group.group()).orElseThrow()));
            seen.add(views);
        }
        for (int i = 0; i < seen.size(); i++) {
            ViewReplay replay = new ViewReplay();
            seen.get(i).values().forEach(replay::start);
            state.changesSincePosition(Schedule.index(i)).orElseThrow().forEach(replay::take);
            state.groups()
                    .forEach(group ->
                            replay.assertSameAs(state.view(group.group()).orElseThrow()));
        }
    }

    @Property
    void aNumberThatIsNoneOfTheGroupsPastMeansToStartAnew(@ForAll("schedules") Schedule schedule) {
        MembershipState state = schedule.play(EventSink.NONE);
        for (GroupView.Summary group : state.groups()) {
            for (long view : new long[] {group.view() + 1, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
                assertThat(state.changesSince(group.group(), view))
                        .as("%s", view)
                        .isEmpty();
            }
        }
        assertThat(state.changesSincePosition(state.appliedIndex() + 1)).isEmpty();
        assertThat(state.changesSincePosition(-2)).isEmpty();
        assertThat(state.changesSincePosition(-1)).isPresent();
        assertThat(state.changesSince(new GroupKey("ns0", "never"), 0)).isEmpty();
    }
}
