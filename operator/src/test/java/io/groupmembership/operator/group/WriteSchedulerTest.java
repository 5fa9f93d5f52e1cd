package io.groupmembership.operator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.operator.group.WriteScheduler.Outcome;
import io.groupmembership.operator.group.WriteScheduler.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WriteSchedulerTest {
    private static final WriteLane.Limits LIMITS = new WriteLane.Limits(Duration.ofMillis(20), 1);

    private final AtomicBoolean open = new AtomicBoolean(true);
    private final WriteScheduler scheduler = new WriteScheduler("test", open::get);
    private final List<String> log = new CopyOnWriteArrayList<>();

    private static WriteLane<String> lane() {
        return new WriteLane<>(new WriteWindow(1_000), LIMITS);
    }

    private Turn write(String what, Outcome outcome) {
        return new Turn.Write(() -> {
            log.add(what);
            return outcome;
        });
    }

    private Turn decided(String what) {
        log.add(what);
        return Turn.Nothing.AT_ALL;
    }

    @AfterEach
    void stop() {
        scheduler.close();
    }

    @Test
    void theFirstQueueGoesFirst() {
        open.set(false);
        var first = scheduler.queue("first", lane(), key -> decided("first " + key));
        var second = scheduler.queue("second", lane(), key -> decided("second " + key));
        second.changed("a");
        first.changed("b");
        scheduler.start();
        assertThat(log).as("nothing before it may").isEmpty();

        open.set(true);
        await().until(() -> log.size() == 2);
        assertThat(log).containsExactly("first b", "second a");
    }

    @Test
    void aWriteThatIsDoneInPartGoesOn() {
        AtomicInteger parts = new AtomicInteger();
        var queue = scheduler.queue(
                "parts", lane(), key -> write(key, parts.incrementAndGet() < 3 ? Outcome.AGAIN : Outcome.DONE));
        scheduler.start();
        queue.changed("a");

        await().until(() -> log.size() == 3);
        await().until(() -> queue.waiting() == 0);
    }

    @Test
    void aFailureIsTriedAgainAndAFailingDecisionToo() {
        AtomicInteger tries = new AtomicInteger();
        var queue = scheduler.queue("failing", lane(), key -> switch (tries.incrementAndGet()) {
            case 1 -> throw new IllegalStateException("on purpose");
            case 2 ->
                new Turn.Write(() -> {
                    throw new IllegalStateException("on purpose");
                });
            default -> write(key, Outcome.DONE);
        });
        scheduler.start();
        queue.changed("a");
        await().until(() -> tries.get() == 1 && queue.waiting() == 1);
        queue.retryAll();
        await().until(() -> tries.get() == 2 && queue.waiting() == 1);
        queue.retryAll();

        await().until(() -> log.equals(List.of("a")));
    }

    @Test
    void somethingThatIsNotDueIsLookedAtAgain() {
        AtomicInteger looks = new AtomicInteger();
        var queue = scheduler.queue(
                "later",
                lane(),
                key -> looks.incrementAndGet() < 3
                        ? new Turn.Nothing(Optional.of(Duration.ofMillis(30)))
                        : Turn.Nothing.AT_ALL);
        scheduler.start();
        queue.changed("a");

        await().until(() -> looks.get() == 3);
        assertThat(log).isEmpty();
    }

    @Test
    void closingWaitsForWhatIsUnderWayAndBeginsNothing() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        var queue = scheduler.queue(
                "slow",
                lane(),
                key -> new Turn.Write(() -> {
                    begun.countDown();
                    assertThat(end.await(5, TimeUnit.SECONDS)).isTrue();
                    log.add(key);
                    return Outcome.DONE;
                }));
        scheduler.start();
        queue.changed("a");
        queue.changed("b");
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

        Thread closing = Thread.ofVirtual().start(scheduler::close);
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        end.countDown();
        closing.join();

        assertThat(log).containsExactly("a");
    }
}
