package io.groupmembership.membership;

import static io.groupmembership.membership.TestCluster.PAYMENTS;
import static io.groupmembership.membership.TestCluster.agent;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.Result.Refusal;
import io.groupmembership.membership.Result.Refused;
import io.groupmembership.protocol.HeartbeatMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is kept of the past is bounded, and what goes first is the oldest. */
class BoundedMemoryTest {
    private static List<Result> done(int count) {
        return Collections.nCopies(count, new Result.Done());
    }

    private static Batch batch(long origin, long sequence, long lowestPending) {
        Request request = new Request(Optional.empty(), TestCluster.maxMembers(PAYMENTS, 10));
        return new Batch(origin, sequence, lowestPending, List.of(request));
    }

    // ---- batches

    @Test
    void aBatchThatItsOriginGaveUpIsNotApplied() {
        TestCluster cluster = new TestCluster();
        cluster.apply(batch(7, 5, 5));
        assertThat(cluster.apply(batch(7, 4, 4))).containsExactly(new Refused(Refusal.GIVEN_UP, 0));
    }

    @Test
    void batchesMayArriveInAnyOrderWhileTheyArePending() {
        BatchResults results = new BatchResults();
        results.remember(batch(7, 3, 1), done(1));
        assertThat(results.earlier(batch(7, 2, 1))).isEmpty();
        results.remember(batch(7, 2, 1), done(1));
        assertThat(results.earlier(batch(7, 3, 1))).contains(done(1));
        assertThat(results.earlier(batch(7, 2, 1))).contains(done(1));
    }

    @Test
    void resultsBelowTheLowestPendingBatchAreForgotten() {
        BatchResults results = new BatchResults();
        for (int i = 1; i <= 10; i++) {
            results.remember(batch(7, i, 1), done(1));
        }
        results.remember(batch(7, 11, 8), done(1));
        assertThat(results.all())
                .singleElement()
                .satisfies(origin ->
                        assertThat(origin.getValue().results().keySet()).containsExactly(8L, 9L, 10L, 11L));
    }

    @Test
    void aLowestPendingThatFallsBackBringsNothingBack() {
        BatchResults results = new BatchResults();
        results.remember(batch(7, 10, 10), done(1));
        results.remember(batch(7, 11, 2), done(1));
        assertThat(results.earlier(batch(7, 5, 2))).contains(List.of(new Refused(Refusal.GIVEN_UP, 0)));
    }

    @Test
    void theOriginsThatWereActiveLastAreKept() {
        BatchResults results = new BatchResults();
        for (int origin = 0; origin < BatchResults.MAX_ORIGINS; origin++) {
            results.remember(batch(origin, 1, 1), done(1));
        }
        results.remember(batch(0, 2, 1), done(1));
        results.remember(batch(1_000, 1, 1), done(1));
        assertThat(results.all()).hasSize(BatchResults.MAX_ORIGINS);
        assertThat(results.earlier(batch(0, 1, 1))).isPresent();
        assertThat(results.earlier(batch(1, 1, 1))).isEmpty();
    }

    @Test
    void anOriginThatNeverSaysWhatIsDoneHasABoundToo() {
        BatchResults results = new BatchResults();
        for (int i = 1; i <= BatchResults.MAX_BATCHES_OF_AN_ORIGIN + 10; i++) {
            results.remember(batch(7, i, 1), done(1));
        }
        assertThat(results.all().iterator().next().getValue().results()).hasSize(BatchResults.MAX_BATCHES_OF_AN_ORIGIN);
        assertThat(results.earlier(batch(7, 10, 1))).contains(List.of(new Refused(Refusal.GIVEN_UP, 0)));
        assertThat(results.earlier(batch(7, 11, 1))).contains(done(1));
    }

    /** A node that died can't say any more what is done. */
    @Test
    void resultsOfOriginsThatFellSilentGoFirst() {
        BatchResults results = new BatchResults();
        int ofOneOrigin = BatchResults.MAX_RESULTS / 4;
        for (int origin = 1; origin <= 5; origin++) {
            results.remember(batch(origin, 9, 1), done(ofOneOrigin));
        }
        long kept = results.all().stream()
                .flatMap(origin -> origin.getValue().results().values().stream())
                .mapToLong(List::size)
                .sum();
        assertThat(kept).isLessThanOrEqualTo(BatchResults.MAX_RESULTS);
        assertThat(results.earlier(batch(5, 9, 1)).orElseThrow()).hasSize(ofOneOrigin);
        // what is forgotten is refused, not applied again
        assertThat(results.earlier(batch(1, 9, 1))).contains(List.of(new Refused(Refusal.GIVEN_UP, 0)));
        assertThat(results.earlier(batch(1, 10, 1))).isEmpty();
    }

    // ---- requests

    @Test
    void theSameKeyWithAnotherRequestIsAMistake() {
        TestCluster cluster = TestCluster.withNodes(1);
        Result first = cluster.applyKeyed(1, 100, TestCluster.joinCommand(PAYMENTS, agent("a", 1)));
        assertThat(cluster.applyKeyed(1, 200, TestCluster.leave(PAYMENTS, "a")))
                .isEqualTo(new Refused(Refusal.IDEMPOTENCY_KEY_REUSED, 0));
        assertThat(cluster.ids(PAYMENTS)).containsExactly("a");
        cluster.apply(cluster.leaving(PAYMENTS, "a"));
        cluster.restart();
        assertThat(cluster.applyKeyed(1, 100, TestCluster.joinCommand(PAYMENTS, agent("a", 1))))
                .isEqualTo(first);
        assertThat(cluster.ids(PAYMENTS)).isEmpty();
    }

    @Test
    void theSameKeyTwiceInABatchIsAppliedOnce() {
        TestCluster cluster = new TestCluster();
        Request put = new Request(
                Optional.of(new Request.IdempotencyKey(1, 2, 3)),
                new Command.KvPut("ns/a", new byte[1], new KvCondition.Always()));
        assertThat(cluster.apply(put, put))
                .containsOnly(new Result.Written(1, true))
                .hasSize(2);
    }

    @Test
    void resultsOfRequestsAreBoundByWeightAndTheOldestGoFirst() {
        RequestResults results = new RequestResults();
        Result heavy = new Result.Joins(done(1_000));
        int fit = RequestResults.MAX_WEIGHT / 1_001;
        for (int i = 0; i <= fit; i++) {
            results.remember(new Request.IdempotencyKey(i, 0, 0), heavy);
        }
        assertThat(results.all()).hasSize(fit);
        assertThat(results.earlier(new Request.IdempotencyKey(0, 0, 0))).isEmpty();
        assertThat(results.earlier(new Request.IdempotencyKey(1, 0, 0))).contains(heavy);
        for (int i = 0; i < RequestResults.MAX_WEIGHT; i++) {
            results.remember(new Request.IdempotencyKey(i, 1, 0), new Result.Done());
        }
        assertThat(results.all()).hasSize(RequestResults.MAX_WEIGHT);
        assertThat(results.earlier(new Request.IdempotencyKey(fit, 0, 0))).isEmpty();
    }

    // ---- removals

    private static RemovalRecord removal(String memberId, long instance, Evidence evidence) {
        return new RemovalRecord(
                PAYMENTS,
                memberId,
                instance,
                2,
                LeaveReason.CRASHED,
                "node-1",
                "node-1",
                5,
                Optional.of(new UUID(1, instance)),
                evidence);
    }

    @Test
    void theLatestRemovalsAreKept() {
        RemovalRecords records = new RemovalRecords();
        for (int i = 0; i <= RemovalRecords.MAX_RECORDS; i++) {
            records.add(removal("m" + i, 1, Evidence.NONE));
        }
        assertThat(records.all()).hasSize(RemovalRecords.MAX_RECORDS);
        assertThat(records.find(PAYMENTS, "m0")).isEmpty();
        assertThat(records.find(PAYMENTS, "m1")).isPresent();
    }

    @Test
    void removalsWithMuchEvidenceAreFewer() {
        Evidence.Probe probe = new Evidence.Probe("node-2", "udp", "no answer");
        Evidence much = new Evidence(1, Collections.nCopies(Evidence.MAX_PROBES, probe), Map.of());
        RemovalRecords records = new RemovalRecords();
        for (int i = 0; i < RemovalRecords.MAX_RECORDS; i++) {
            records.add(removal("m" + i, 1, much));
        }
        long probes = records.all().stream()
                .mapToLong(record -> record.evidence().probes().size())
                .sum();
        assertThat(probes).isLessThanOrEqualTo(200_000);
        assertThat(records.all().size()).isGreaterThan(1_000);
    }

    // ---- history

    @Test
    void whoIsTooFarBehindIsToldToStartAnew() {
        TestCluster cluster = TestCluster.withNodes(1);
        cluster.apply(TestCluster.maxMembers(PAYMENTS, 1_000_000));
        cluster.in(PAYMENTS, agent("first", 1));
        GroupView old = cluster.state().view(PAYMENTS).orElseThrow();
        long oldIndex = cluster.state().appliedIndex();
        assertThat(cluster.state().changesSince(PAYMENTS, old.view())).isPresent();
        int batches = 0;
        while (cluster.state().changesSince(PAYMENTS, old.view()).isPresent()) {
            assertThat(++batches).as("the history is bounded").isLessThan(1_000);
            MemberSpec[] specs = new MemberSpec[900];
            for (int i = 0; i < specs.length; i++) {
                specs[i] = agent("m" + batches + "-" + i, i);
            }
            cluster.joins(PAYMENTS, specs);
        }
        assertThat(batches).isGreaterThan(10);
        assertThat(cluster.state().changesSincePosition(oldIndex)).isEmpty();
        assertThat(cluster.state().changesSince(PAYMENTS, cluster.view(PAYMENTS) - 10))
                .isPresent();
        cluster.restart();
        assertThat(cluster.state().changesSince(PAYMENTS, old.view())).isEmpty();
        assertThat(cluster.state()
                        .changesSince(PAYMENTS, cluster.view(PAYMENTS) - 10)
                        .orElseThrow())
                .hasSize(10);
        assertThat(cluster.state().changesSincePosition(oldIndex)).isEmpty();
    }

    @Test
    void theHistoryOfMembersWithMuchMetadataIsBoundedByItsBytes() {
        TestCluster cluster = TestCluster.withNodes(1);
        String value = "x".repeat(4_000);
        for (int batch = 0; batch < 20; batch++) {
            List<Joiner> joiners = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                joiners.add(new Joiner(
                        MemberSpec.of(
                                "m" + i,
                                "10.0.0.1:1",
                                HeartbeatMode.TCP,
                                "10.0.0.1:1",
                                Optional.empty(),
                                Map.of("batch", batch + value)),
                        OptionalLong.empty()));
            }
            cluster.apply(new Command.Join(PAYMENTS, joiners));
        }
        long bytes = 0;
        for (ViewChange change : cluster.state().history().all()) {
            bytes += change.joined().stream()
                    .mapToLong(member -> member.spec().packedBytes())
                    .sum();
            bytes += change.left().stream()
                    .mapToLong(left -> left.member().spec().packedBytes())
                    .sum();
        }
        assertThat(bytes).isLessThan(32 * 1024 * 1024);
    }

    /** A single change may be larger than the bound: the newest one is always there. */
    @Test
    void theNewestChangeIsKeptHoweverLargeItIs() {
        Member member = new Member(agent("a", 1), 1, 1, 0);
        ChangeHistory history = new ChangeHistory(-1);
        history.add(change(1, List.of(member)));
        history.add(change(2, Collections.nCopies(200_000, member)));
        assertThat(history.since(PAYMENTS, 1, 2).orElseThrow()).hasSize(1);
        assertThat(history.since(PAYMENTS, 0, 2)).isEmpty();
        assertThat(history.forgottenUpTo()).isEqualTo(1);
        history.add(change(3, List.of(member)));
        assertThat(history.since(PAYMENTS, 2, 3).orElseThrow()).hasSize(1);
        assertThat(history.since(PAYMENTS, 1, 3)).isEmpty();
        assertThat(history.sincePosition(2, 3).orElseThrow()).hasSize(1);
        assertThat(history.sincePosition(1, 3)).isEmpty();
    }

    private static ViewChange change(long number, List<Member> joined) {
        return new ViewChange(number, PAYMENTS, number, Optional.of("a"), joined, List.of());
    }
}
