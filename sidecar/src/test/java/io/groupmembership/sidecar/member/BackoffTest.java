package io.groupmembership.sidecar.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class BackoffTest {
    @Property
    void noWaitIsLongerThanItsDoublingOrTheMost(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 80) int failures,
            @ForAll @LongRange(min = 1, max = 5_000) long baseMillis) {
        Duration most = Duration.ofSeconds(5);
        Backoff backoff = new Backoff(Duration.ofMillis(baseMillis), most, new Random(seed));

        for (int n = 0; n < failures; n++) {
            Duration wait = backoff.next();
            Duration doubled = Duration.ofMillis(baseMillis << Math.min(n, 20));
            assertThat(wait)
                    .isGreaterThanOrEqualTo(Duration.ZERO)
                    .isLessThanOrEqualTo(most)
                    .isLessThanOrEqualTo(doubled);
        }
    }

    @Property
    void aResetBeginsAnew(@ForAll long seed) {
        Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofHours(1), new Random(seed));
        for (int n = 0; n < 20; n++) {
            backoff.next();
        }
        backoff.reset();
        assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(10));
    }
}
