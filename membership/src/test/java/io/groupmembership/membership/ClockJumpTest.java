package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The leader's clock is shown to people and decides nothing: however it jumps, views and answers are the same. */
class ClockJumpTest {
    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any(60);
    }

    @Property
    void aClockThatJumpsChangesNeitherViewsNorAnswers(@ForAll("schedules") Schedule schedule, @ForAll long seed) {
        SplittableRandom clock = new SplittableRandom(seed);
        MembershipState steady = new MembershipState(TestCluster.ID);
        MembershipState jumping = new MembershipState(TestCluster.ID);
        for (int i = 0; i < schedule.entries().size(); i++) {
            Entry entry = schedule.entries().get(i);
            Entry jumped = new Entry(entry.leader(), clock.nextLong(), entry.batch());
            List<Result> expected =
                    steady.apply(new Entry(entry.leader(), i, entry.batch()), Schedule.index(i), EventSink.NONE);
            List<Result> results = jumping.apply(TestCluster.throughTheLog(jumped), Schedule.index(i), EventSink.NONE);
            assertThat(ResultCodec.encode(results)).isEqualTo(ResultCodec.encode(expected));
            assertThat(members(jumping)).isEqualTo(members(steady));
            jumping = TestCluster.restore(TestCluster.snapshot(jumping));
        }
    }

    private static List<String> members(MembershipState state) {
        return state.groups().stream()
                .map(group -> state.view(group.group()).orElseThrow())
                .map(view -> view.group() + " " + view.view() + " " + view.members())
                .toList();
    }
}
