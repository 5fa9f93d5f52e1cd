package io.groupmembership.operator.group.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StreamHealthTest {
    @Test
    void aNodeIsLeftWhenItIsSilentOrAnswersNoQuestion() {
        assertThat(StreamHealth.of(Duration.ofSeconds(44), 1)).isEqualTo(StreamHealth.Verdict.GOOD);
        assertThat(StreamHealth.of(Duration.ofSeconds(46), 0)).isEqualTo(StreamHealth.Verdict.SILENT);
        assertThat(StreamHealth.of(Duration.ZERO, 2)).isEqualTo(StreamHealth.Verdict.UNANSWERED);
    }

    @Test
    void afterAStreamThatServedTheNextNodeIsAskedAtOnce() {
        assertThat(ReconnectDelay.of(0, 0, 0.5)).isZero();
    }

    @Test
    void failuresAreRetriedTwiceAsLateEachTimeUpToALimit() {
        assertThat(ReconnectDelay.of(1, 0, 0)).isEqualTo(Duration.ofMillis(100));
        assertThat(ReconnectDelay.of(3, 0, 0)).isEqualTo(Duration.ofMillis(400));
        assertThat(ReconnectDelay.of(1_000_000, 0, 0)).isEqualTo(Duration.ofSeconds(5));
        assertThat(ReconnectDelay.of(1_000_000, 0, 1)).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void beginningAnewWaitsLonger() {
        assertThat(ReconnectDelay.of(0, 1, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(ReconnectDelay.of(0, 99, 0)).isEqualTo(Duration.ofSeconds(60));
    }
}
