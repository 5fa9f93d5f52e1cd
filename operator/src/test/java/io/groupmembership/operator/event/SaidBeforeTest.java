package io.groupmembership.operator.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SaidBeforeTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final SaidBefore said = new SaidBefore(() -> now);

    @Test
    void theSameIsNotSaidAgainUntilHalfAnHourLater() {
        assertThat(said.isNew("a", "quorum lost")).isTrue();
        now = now.plus(Duration.ofMinutes(29));
        assertThat(said.isNew("a", "quorum lost")).isFalse();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(said.isNew("a", "quorum lost")).isTrue();
        now = now.plus(Duration.ofMinutes(29));
        assertThat(said.isNew("a", "quorum lost")).isFalse();
    }

    @Test
    void somethingElseIsSaidAtOnce() {
        assertThat(said.isNew("a", "quorum lost")).isTrue();
        assertThat(said.isNew("b", "quorum lost")).isTrue();
        assertThat(said.isNew("a", "node admitted")).isTrue();
        assertThat(said.isNew("a", "quorum lost")).isTrue();
    }
}
