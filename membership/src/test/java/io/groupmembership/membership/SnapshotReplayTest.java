package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A replica that was restored from a snapshot is the same as one that applied everything. */
class SnapshotReplayTest {
    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any(60);
    }

    @Property
    void sameEntriesGiveTheSameStateOnEveryReplica(@ForAll("schedules") Schedule schedule) {
        MembershipState first = schedule.play(EventSink.NONE);
        MembershipState second = new MembershipState(TestCluster.ID);
        for (int i = 0; i < schedule.entries().size(); i++) {
            // this one has never seen the bytes of the log: it is the node that proposed
            List<Result> ignored = second.apply(schedule.entries().get(i), Schedule.index(i), EventSink.NONE);
        }
        assertThat(TestCluster.snapshot(second)).isEqualTo(TestCluster.snapshot(first));
        assertThat(Facts.of(second)).isEqualTo(Facts.of(first));
    }

    @Property
    void aSnapshotAndTheRestOfTheLogEqualTheWholeLog(
            @ForAll("schedules") Schedule schedule, @ForAll @IntRange(max = 60) int cut) {
        // Given
        MembershipState whole = new MembershipState(TestCluster.ID);
        MembershipState restored = new MembershipState(TestCluster.ID);
        List<List<Result>> resultsOfWhole = new ArrayList<>();
        List<List<Result>> resultsOfRestored = new ArrayList<>();

        // When
        for (int i = 0; i < schedule.entries().size(); i++) {
            if (i == cut) {
                restored = TestCluster.restore(TestCluster.snapshot(restored));
            }
            Entry entry = TestCluster.throughTheLog(schedule.entries().get(i));
            resultsOfWhole.add(whole.apply(entry, Schedule.index(i), EventSink.NONE));
            resultsOfRestored.add(restored.apply(entry, Schedule.index(i), EventSink.NONE));
        }

        // Then
        assertThat(resultsOfRestored).isEqualTo(resultsOfWhole);
        assertThat(Facts.of(restored)).isEqualTo(Facts.of(whole));
        assertThat(TestCluster.snapshot(restored)).isEqualTo(TestCluster.snapshot(whole));
    }

    @Property
    void whatASnapshotSaysIsWhatTheStateSaid(@ForAll("schedules") Schedule schedule) {
        MembershipState state = schedule.play(EventSink.NONE);
        MembershipState restored = TestCluster.restore(TestCluster.snapshot(state));
        assertThat(Facts.of(restored)).isEqualTo(Facts.of(state));
        assertThat(restored.memberCount()).isEqualTo(state.memberCount());
        assertThat(restored.appliedIndex()).isEqualTo(state.appliedIndex());
        assertThat(restored.history().forgottenUpTo()).isEqualTo(state.history().forgottenUpTo());
        assertThat(restored.store().bytes()).isEqualTo(state.store().bytes());
        assertThat(TestCluster.snapshot(restored)).isEqualTo(TestCluster.snapshot(state));
    }

    /** Where something has been forgotten, the same is forgotten on the node that starts from a snapshot. */
    @Example
    void aSnapshotOfAStateAtItsBoundsAndTheRestOfTheLogEqualTheWholeLog() {
        TestCluster whole = TestCluster.withNodes(3);
        TestCluster restored = TestCluster.withNodes(3);
        for (int round = 0; round < 100; round++) {
            // Given: a thousand come and the thousand of before are cut off, each by a keyed request of a new node
            List<Request> requests = new ArrayList<>();
            MemberSpec[] comers = new MemberSpec[1_000];
            for (int i = 0; i < comers.length; i++) {
                comers[i] = TestCluster.agent("member-" + round + "-" + i, i);
            }
            requests.add(keyed(2L * round, TestCluster.joinCommand(TestCluster.PAYMENTS, comers)));
            if (round > 0) {
                List<Command.Target> targets = whole.state().view(TestCluster.PAYMENTS).orElseThrow().members().stream()
                        .map(member -> TestCluster.target(TestCluster.PAYMENTS, member))
                        .toList();
                requests.add(keyed(2L * round + 1, new Command.Remove(targets)));
            }
            Batch batch = new Batch(1_000L + round, 1, 1, requests);
            // When
            if (round % 30 == 29) {
                restored.restart();
            }
            // Then
            assertThat(restored.apply(batch)).isEqualTo(whole.apply(batch));
        }
        assertThat(whole.state().removalRecords().all()).hasSize(RemovalRecords.MAX_RECORDS);
        assertThat(whole.state().batchResults().all()).hasSize(BatchResults.MAX_ORIGINS);
        assertThat(whole.state().history().forgottenUpTo()).isPositive();
        assertThat(whole.state().requestResults().all()).hasSizeLessThan(150);
        assertThat(Arrays.equals(restored.snapshot(), whole.snapshot())).isTrue();
    }

    private static Request keyed(long key, Command command) {
        return new Request(Optional.of(new Request.IdempotencyKey(key, key, key)), command);
    }
}
