package io.groupmembership.membership.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is waited for before a member that never answers is suspected. A is 4 s and d is 0.2, so A(1+d) is 4.8 s. */
class TakeoverTest {
    private final MonitorTranscript node = new MonitorTranscript();

    /**
     * Nobody can have confirmed a member under its first epoch, so its silence alone counts, which is 15 s by the
     * policy. Under a later one, what the monitor before may have granted has to be over too.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 15000, 15000",
        "1, 60000, 15000",
        "2, 15000, 19800",
        "7, 15000, 19800",
        "2, 60000, 64800",
        "2, 3000, 15000"
    })
    void itWaitsForWhatTheMonitorBeforeMayHaveGranted(int epoch, int longestLeaseMillis, long suspectedMillis) {
        // given
        node.watchesSilent(
                MonitorTranscript.charge(1, epoch, 0, longestLeaseMillis, MonitorTranscript.POLICY, Optional.empty()));

        // when
        node.until(suspectedMillis - 1);
        boolean early = !node.all("suspect").isEmpty();
        node.until(suspectedMillis);

        // then
        assertThat(early).isFalse();
        assertThat(node.times("suspect m-1 CRASHED")).containsExactly(suspectedMillis);
    }

    @Test
    void itPingsAndConfirmsAtOnce() {
        // when
        node.watches(MonitorTranscript.charge(1, 2, 0, MonitorTranscript.POLICY));
        node.until(0);

        // then
        assertThat(node.all("")).containsExactly("0 ping m-1", "0 confirm m-1 for 15000");
    }

    /** A lease of this node, of 15 s, ends before the one that the monitor before may have granted. */
    @Test
    void aLeaseOfItsOwnDoesNotShortenTheWait() {
        // given
        node.watches(MonitorTranscript.charge(1, 2, 0, 60_000, MonitorTranscript.POLICY, Optional.empty()));
        node.until(1_000);

        // when
        node.falls(1);
        node.until(64_800);

        // then
        assertThat(node.times("suspect m-1 CRASHED")).containsExactly(64_800L);
    }
}
