package io.groupmembership.node.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QuestionCacheTest {
    private static final Duration LIFE = Duration.ofSeconds(10);

    private long now;
    private final AtomicInteger asked = new AtomicInteger();
    private final QuestionCache<String, Boolean> cache = new QuestionCache<>(3, good -> good, good -> LIFE, () -> now);

    @Test
    void aQuestionThatIsBeingAskedIsNotAskedAgain() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();

        CompletableFuture<Boolean> one = cache.ask("a", () -> count(answer));
        CompletableFuture<Boolean> other = cache.ask("a", () -> count(answer));
        answer.complete(true);

        assertThat(one.join()).isTrue();
        assertThat(other.join()).isTrue();
        assertThat(asked).hasValue(1);
    }

    @Test
    void anAnswerHoldsForItsLifeOnly() {
        ask("a", false);
        now = LIFE.toNanos() - 1;
        ask("a", false);
        assertThat(asked).hasValue(1);

        now = LIFE.toNanos();
        ask("a", false);
        assertThat(asked).hasValue(2);
    }

    @Test
    void nonsenseDoesNotDriveOutWhatIsGood() {
        ask("good", true);
        for (int i = 0; i < 100; i++) {
            ask("nonsense " + i, false);
        }
        int before = asked.get();

        ask("good", true);

        assertThat(asked).hasValue(before);
        assertThat(cache.size()).isLessThanOrEqualTo(6);
    }

    @Test
    void aBucketFillsAtItsRate() {
        TokenBuckets buckets = new TokenBuckets(10, () -> now);
        for (int i = 0; i < 20; i++) {
            assertThat(buckets.take("a")).isTrue();
        }
        assertThat(buckets.take("a")).isFalse();
        assertThat(buckets.take("b")).isTrue();

        now = Duration.ofMillis(100).toNanos();
        assertThat(buckets.take("a")).isTrue();
        assertThat(buckets.take("a")).isFalse();
    }

    @Test
    void bucketsAreBounded() {
        TokenBuckets buckets = new TokenBuckets(10, () -> now);
        for (int i = 0; i < TokenBuckets.MOST + 10; i++) {
            assertThat(buckets.take("a" + i)).isTrue();
        }

        assertThat(buckets.size()).isEqualTo(TokenBuckets.MOST);
    }

    private void ask(String key, boolean answer) {
        assertThat(cache.ask(key, () -> count(CompletableFuture.completedFuture(answer)))
                        .join())
                .isEqualTo(answer);
    }

    private CompletableFuture<Boolean> count(CompletableFuture<Boolean> answer) {
        asked.incrementAndGet();
        return answer;
    }
}
