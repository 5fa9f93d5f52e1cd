package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What reaches the log twice is applied once. */
class AppliedOnceTest {
    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any(40);
    }

    /** Heard by nobody, if the rule holds. */
    private static final EventSink SILENT = new EventSink() {
        @Override
        public void viewChanged(ViewChange change) {
            throw new AssertionError("a repeated entry changed a view: " + change);
        }

        @Override
        public void assigned(GroupKey group, Member member) {
            throw new AssertionError("a repeated entry assigned " + member);
        }

        @Override
        public void revoked(GroupKey group, Member member) {
            throw new AssertionError("a repeated entry revoked " + member);
        }

        @Override
        public void ticked(String nodeId, long nonce) {
            throw new AssertionError("a repeated entry gave a lease to " + nodeId);
        }
    };

    @Property
    void everyEntryTwiceEqualsOnce(@ForAll("schedules") Schedule schedule, @ForAll long seed) {
        java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
        MembershipState once = schedule.play(EventSink.NONE);
        MembershipState state = new MembershipState(TestCluster.ID);
        List<List<Result>> results = new ArrayList<>();
        for (int i = 0; i < schedule.entries().size(); i++) {
            results.add(state.apply(schedule.entries().get(i), Schedule.index(i), EventSink.NONE));
            // When: entries of before reach the log again, stamped by another leader
            for (int again = 0; again < 4; again++) {
                int earlier = random.nextInt(i + 1);
                Batch batch = schedule.entries().get(earlier).batch();
                Entry copy = new Entry("node-9", 77, batch);
                List<Result> results2 =
                        state.apply(TestCluster.throughTheLog(copy), Schedule.index(i) + 1 + again, SILENT);
                // Then
                if (batch.sequence() >= lowestPending(schedule, batch.origin(), i)) {
                    assertThat(results2).isEqualTo(results.get(earlier));
                } else {
                    Result givenUp = new Result.Refused(Result.Refusal.GIVEN_UP, 0);
                    assertThat(results2).hasSameSizeAs(batch.requests()).allMatch(givenUp::equals);
                }
            }
        }
        assertThat(Facts.of(state)).isEqualTo(Facts.of(once));
    }

    private static long lowestPending(Schedule schedule, long origin, int upTo) {
        return schedule.entries().subList(0, upTo + 1).stream()
                .map(Entry::batch)
                .filter(batch -> batch.origin() == origin && !batch.requests().isEmpty())
                .mapToLong(Batch::lowestPending)
                .max()
                .orElse(0);
    }

    @Property
    void anEntryAgainAfterARestartEqualsOnce(@ForAll("schedules") Schedule schedule) {
        MembershipState state = new MembershipState(TestCluster.ID);
        for (int i = 0; i < schedule.entries().size(); i++) {
            Entry entry = schedule.entries().get(i);
            List<Result> first = state.apply(entry, Schedule.index(i), EventSink.NONE);
            byte[] before = TestCluster.snapshot(state);
            state = TestCluster.restore(before);
            assertThat(state.apply(entry, Schedule.index(i), SILENT)).isEqualTo(first);
            assertThat(TestCluster.snapshot(state)).isEqualTo(before);
        }
    }

    @Property
    void everyKeyedRequestAgainInAnotherBatchEqualsOnce(@ForAll("schedules") Schedule schedule) {
        MembershipState once = schedule.play(EventSink.NONE);
        MembershipState state = new MembershipState(TestCluster.ID);
        List<Request> keyed = new ArrayList<>();
        List<Result> answers = new ArrayList<>();
        for (int i = 0; i < schedule.entries().size(); i++) {
            Entry entry = schedule.entries().get(i);
            List<Result> results = state.apply(entry, Schedule.index(i), EventSink.NONE);
            for (int r = 0; r < results.size(); r++) {
                // who was told to wait asks how it goes on, and is told something else in the end
                if (entry.batch().requests().get(r).idempotencyKey().isPresent() && !isToWait(results.get(r))) {
                    keyed.add(entry.batch().requests().get(r));
                    answers.add(results.get(r));
                }
            }
            // When: their clients send them again, by another node
            Batch again = new Batch(99, i + 1, i + 1, List.copyOf(keyed));
            List<Result> second = state.apply(
                    TestCluster.throughTheLog(new Entry("node-2", 5, again)), Schedule.index(i) + 1, SILENT);
            assertThat(second).isEqualTo(answers);
        }
        assertThat(Facts.of(state)).isEqualTo(Facts.of(once));
    }

    private static boolean isToWait(Result result) {
        return result instanceof Result.Joins joins
                && joins.results().size() == 1
                && joins.results().getFirst() instanceof Result.Revoked;
    }
}
