package io.groupmembership.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.groupmembership.membership.Batch;
import io.groupmembership.membership.Command;
import io.groupmembership.membership.EntryCodec;
import io.groupmembership.membership.KvCondition;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import io.groupmembership.membership.ResultCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Leader leader = new Leader();
    private final CompletableFuture<Void> applied = CompletableFuture.completedFuture(null);
    private GroupCommit commit = started(Duration.ofSeconds(30), 10_000);

    private GroupCommit started(Duration timeout, int queueCapacity) {
        GroupCommit made = new GroupCommit(7, queueCapacity, timeout.toNanos(), leader, index -> applied);
        made.start();
        return made;
    }

    @AfterEach
    void close() {
        commit.close();
    }

    /** Takes batches and answers when the test says so. */
    private static final class Leader implements GroupCommit.Sender {
        private record Taken(Batch batch, CompletableFuture<BatchSender.Reply> reply, BooleanSupplier wanted) {}

        private final List<Taken> taken = Collections.synchronizedList(new ArrayList<>());

        @Override
        public CompletableFuture<BatchSender.Reply> send(ByteString batch, BooleanSupplier wanted) {
            byte[] stamped = ByteString.copyFrom(EntryCodec.stamp("node-1", 0))
                    .concat(batch)
                    .toByteArray();
            Taken next = new Taken(EntryCodec.decode(stamped).batch(), new CompletableFuture<>(), wanted);
            taken.add(next);
            return next.reply;
        }

        Batch awaitBatch(int index) {
            await().atMost(PATIENCE).until(() -> taken.size() > index);
            return taken.get(index).batch;
        }

        void answer(int index) {
            Taken answered = taken.get(index);
            List<Result> results = new ArrayList<>();
            for (Request request : answered.batch.requests()) {
                results.add(new Result.Written(keyNumber(request), true));
            }
            answered.reply.complete(new BatchSender.Reply(ByteString.copyFrom(ResultCodec.encode(results)), index));
        }

        private static long keyNumber(Request request) {
            return Long.parseLong(((Command.KvPut) request.command()).key());
        }
    }

    private static Request put(int key) {
        return new Request(
                Optional.empty(), new Command.KvPut(String.valueOf(key), new byte[0], new KvCondition.Always()));
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void anIdleNodeSendsARequestAtOnce() throws Exception {
        CompletableFuture<Result> result = commit.submit(put(1));
        assertThat(leader.awaitBatch(0).requests()).hasSize(1);
        leader.answer(0);
        assertThat(get(result)).isEqualTo(new Result.Written(1, true));
    }

    @Test
    void everyRequestOfABatchGetsItsOwnResult() throws Exception {
        List<CompletableFuture<Result>> results = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            results.add(commit.submit(put(i)));
        }
        int batches = 0;
        for (int sent = 0; sent < 3_000; batches++) {
            sent += leader.awaitBatch(batches).requests().size();
            assertThat(leader.awaitBatch(batches).requests().size()).isLessThanOrEqualTo(GroupCommit.MAX_REQUESTS);
            leader.answer(batches);
        }
        for (int i = 0; i < 3_000; i++) {
            assertThat(get(results.get(i))).isEqualTo(new Result.Written(i, true));
        }
    }

    @Test
    void oneBarrierServesEveryReaderThatWaits() throws Exception {
        CompletableFuture<Void> first = commit.barrier();
        leader.awaitBatch(0);
        List<CompletableFuture<Void>> readers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            readers.add(commit.barrier());
        }
        leader.answer(0);
        get(first);
        leader.awaitBatch(1);
        leader.answer(1);
        for (CompletableFuture<Void> reader : readers) {
            get(reader);
        }
        assertThat(leader.taken).hasSize(2);
    }

    @Test
    void aReaderIsNotServedByABatchThatWasSentBeforeItCame() throws Exception {
        commit.submit(put(1)).isDone();
        leader.awaitBatch(0);
        CompletableFuture<Void> reader = commit.barrier();
        leader.answer(0);
        leader.awaitBatch(1);
        assertThat(reader).isNotDone();
        leader.answer(1);
        get(reader);
    }

    @Test
    void aReaderWaitsUntilThisNodeHasAppliedItsBarrier() throws Exception {
        commit.close();
        CompletableFuture<Void> caughtUp = new CompletableFuture<>();
        commit = new GroupCommit(7, 100, PATIENCE.toNanos(), leader, index -> caughtUp);
        commit.start();
        CompletableFuture<Void> reader = commit.barrier();
        leader.awaitBatch(0);
        leader.answer(0);
        assertThat(reader).isNotDone();
        caughtUp.complete(null);
        get(reader);
    }

    @Test
    void whatComesWhileABatchIsOnItsWayIsSentTogetherOnceItHasItsAnswer() throws Exception {
        CompletableFuture<Result> first = commit.submit(put(1));
        Batch batch = leader.awaitBatch(0);
        CompletableFuture<Result> second = commit.submit(put(2));
        CompletableFuture<Result> third = commit.submit(put(3));
        leader.answer(0);
        get(first);
        Batch next = leader.awaitBatch(1);
        assertThat(next.requests()).hasSize(2);
        assertThat(next.lowestPending()).isEqualTo(next.sequence()).isGreaterThan(batch.sequence());
        leader.answer(1);
        get(second);
        get(third);
    }

    @Test
    void aRequestThatNobodyAnswersEndsInTimeWithAnUnknownOutcome() {
        commit.close();
        commit = started(Duration.ofMillis(300), 100);
        CompletableFuture<Result> result = commit.submit(put(1));
        assertThatThrownBy(() -> get(result))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        e -> assertThat(e.outcomeUnknown()).isTrue());
        assertThat(leader.taken.getFirst().wanted.getAsBoolean())
                .as("it is not sent again")
                .isFalse();
    }

    @Test
    void aRequestThatNeverLeftTheQueueEndsInTimeAndSaysThatNothingWasDone() {
        commit.close();
        commit = started(Duration.ofMillis(500), 100_000);
        List<CompletableFuture<Result>> results = new ArrayList<>();
        int room = GroupCommit.MAX_REQUESTS;
        for (int i = 0; i < room + 1; i++) {
            results.add(commit.submit(put(i)));
        }
        assertThatThrownBy(() -> get(results.getLast()))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        e -> assertThat(e.outcomeUnknown()).isFalse())
                .hasMessageContaining("nothing was done");
    }

    @Test
    void aNodeThatStopsRefusesWhatWaitsAndWhatComes() {
        commit.close();
        assertThatThrownBy(() -> get(commit.submit(put(1))))
                .cause()
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("shutting down");
        assertThatThrownBy(() -> get(commit.barrier())).cause().isInstanceOf(UnavailableException.class);
    }
}
